"""Everybody who may ask the API, each with a token and with things of their own."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from allauth.idp.oidc.models import Token
from django.utils import timezone

from accounts.access.tests.apps import code_at, give_app
from accounts.factories import (
    DepositAccountFactory,
    DocumentFactory,
    StaffMemberFactory,
    UserFactory,
)
from accounts.partners.factories import EVERYTHING, AppFactory, ConsentFactory
from payments.factories import DraftFactory
from wekeza.tests.api.steps import Program


@dataclass
class Asker:
    """Somebody with a token: what kind it is, and what it reaches."""

    program: Program
    kind: str
    role: str = ""
    scopes: frozenset = frozenset()
    is_revoked: bool = False
    things: dict = field(default_factory=dict)


def nobody() -> Asker:
    """No token at all."""
    return Asker(Program(), "nobody")


def revoked() -> Asker:
    """A customer's token after the sign-in ended."""
    program = Program(user=DepositAccountFactory().customer.user)
    assert program.post("/api/v1/auth/logout").status_code == 204
    return Asker(program, "nobody", is_revoked=True)


def login() -> Asker:
    """A login that is still registering."""
    return Asker(Program(user=UserFactory()), "login")


def customer() -> Asker:
    """A customer with an account, a document and a payment; `things` are their ids."""
    account = DepositAccountFactory(balance="3000")
    draft = DraftFactory(source=account, amount=100)
    document = DocumentFactory(customer=account.customer)
    things = {
        "v1:account": account.number,
        "v1:account_tx": account.number,
        "v1:customer": account.customer.public_id,
        "v1:document": document.public_id,
        "v1:document_dispose": document.public_id,
        "v1:document_download": document.public_id,
        "v1:transfer": draft.public_id,
        "v1:transfer_authorise": draft.public_id,
        "v1:transfer_cancel": draft.public_id,
        "v1:transfer_code": draft.public_id,
    }
    return Asker(Program(user=account.customer.user), "customer", things=things)


def staff(role: str) -> Asker:
    """Somebody at work, with the app's code."""
    member = StaffMemberFactory(role_id=role)
    give_app(member.user)
    program = Program()
    told = program.sign_in(member.user.email, otp=code_at(timezone.now())).json()
    return Asker(program.use(told["access_token"]), "staff", role=role)


def partner(scopes=EVERYTHING) -> Asker:
    """An app with a customer's consent to everything, and a token for some scopes (demo banks)."""
    app, account = AppFactory(), DepositAccountFactory(balance="3000")
    ConsentFactory(app=app, customer=account.customer)
    value = uuid4().hex
    token = Token(client=app.client, user=account.customer.user, type=Token.Type.ACCESS_TOKEN)
    token.expires_at = datetime.now(UTC) + timedelta(minutes=30)
    token.set_value(value)
    token.set_scopes(list(scopes))
    token.save()
    names = ("v1:partner_account", "v1:partner_balances", "v1:partner_transactions")
    things = dict.fromkeys(names, account.number)
    return Asker(Program().use(value), "partner", scopes=frozenset(scopes), things=things)
