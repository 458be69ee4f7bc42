"""
Passkeys as authorisation: the phone or key signs what the customer was shown.

allauth enrols passkeys, keeps them and logs in with them. Here one confirms a deed: the challenge
that it signs is a keyed hash of the intent and of the digest of what was shown, so an edited intent
has another challenge and an old signature authorises nothing (decision 23). Nothing needs to be
stored to ask; the intent itself happens once.
"""

import json
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    UserVerificationRequirement,
)

from accounts.access import queries
from accounts.access.models import User
from accounts.access.refusals import CodeLocked
from wekeza.kit.encryption import blind_index
from wekeza.kit.errors import Refusal

BANK = "Wekeza Bank"
REQUIRED = UserVerificationRequirement.REQUIRED


class WrongPasskey(Refusal):
    """No passkey of this login signed exactly what was shown. Nothing was done."""

    code = "wrong_passkey"
    text = _("That passkey could not be used here. Nothing was done. Try again")


def options(user: User, *, intent: str, intent_digest: str, host: str) -> dict:
    """
    This will give what the browser asks the person's passkeys, to authorise one intent at the
    bank's own `host`. Finger, face or the device's PIN is always wanted.
    """
    asked, _state = _server(host).authenticate_begin(
        [data for _key, data in _keys_of(user)],
        user_verification=REQUIRED,
        challenge=_challenge(user, intent, intent_digest),
    )
    return json.loads(json.dumps(dict(asked), default=dict))


def verify(
    user: User, *, credential: str, intent: str, intent_digest: str, host: str, at: datetime
) -> None:
    """
    This will accept the signature (JSON, as the browser gave it) of one of the login's passkeys
    over exactly this intent.

    :raises WrongPasskey: if it is no such signature.
    :raises CodeLocked: while too many wrong codes keep everything off.
    """
    if until := queries.sending_off_until(user, at=at):
        raise CodeLocked.over(until)
    server, keys = _server(host), _keys_of(user)
    state = {
        "challenge": websafe_encode(_challenge(user, intent, intent_digest)),
        "user_verification": REQUIRED,
    }
    try:
        answer = json.loads(credential)
        found = server.authenticate_complete(state, [data for _key, data in keys], answer)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WrongPasskey from error
    next(key for key, data in keys if data == found).record_usage()


def _server(host: str) -> Fido2Server:
    return Fido2Server(PublicKeyCredentialRpEntity(id=host.partition(":")[0], name=BANK))


def _keys_of(user: User) -> list[tuple[Authenticator, AttestedCredentialData]]:
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return [(row, row.wrap().authenticator_data.credential_data) for row in rows]


def _challenge(user: User, intent: str, intent_digest: str) -> bytes:
    signed = f"{user.pk}|{intent}|{intent_digest}"
    return bytes.fromhex(blind_index(signed, context="access.passkey"))
