"""What an app and a customer do on the way to a token, for tests."""

import base64
import hashlib
import html
import re
import secrets
from urllib.parse import parse_qs, urlsplit

from accounts.factories import PIN
from accounts.partners.factories import CALLBACK

AUTHORIZE, TOKEN = "/identity/o/authorize", "/identity/o/api/token"
SEE = "accounts.read balances.read"


def pair():
    """A PKCE verifier and its challenge (RFC 7636)."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def asked(app, challenge, **changes):
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": CALLBACK,
        "scope": SEE,
        "state": "s-123",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (query | changes).items() if value is not None}


def agreed(client, app, customer, **changes):
    """Juma opens the page, chooses his account, and shares it; gives the query he comes back by."""
    client.force_login(customer.user)
    verifier, challenge = pair()
    page = client.get(AUTHORIZE, asked(app, challenge, **changes))
    assert page.status_code == 200, page.content
    signed = html.unescape(re.search(r'name="request" value="([^"]+)"', page.text)[1])
    number = customer.deposit_accounts.get().number
    sent = {"request": signed, "scopes": SEE.split(), "accounts": [number], "days": "90"}
    answer = client.post(AUTHORIZE, sent | {"pin": PIN, "action": "grant"})
    assert answer.status_code == 200, answer.content
    return verifier, back(answer)


def back(answer):
    where = answer["Refresh"].removeprefix("0; url=")
    assert where.startswith(CALLBACK)
    return {name: value[0] for name, value in parse_qs(urlsplit(where).query).items()}


def exchange(client, app, *, secret=None, **facts):
    return client.post(
        TOKEN, {"client_id": app.client_id, "client_secret": secret or app.secret} | facts
    )


def tokens(client, app, customer):
    verifier, came = agreed(client, app, customer)
    return exchange(
        client,
        app,
        grant_type="authorization_code",
        code=came["code"],
        redirect_uri=CALLBACK,
        code_verifier=verifier,
    )
