"""Looking at payments that apps asked for: each app its own, each customer theirs."""

from accounts.partners import queries as partner_queries
from accounts.partners.models import PartnerApp, PartnerConsent
from accounts.partners.queries import Grant
from payments.initiation.models import PartnerPayment
from payments.initiation.refusals import NoSuchPayment
from wekeza.kit.actor import Actor

SCOPE = "payments.write"


def consent_for(grant: Grant, *, number: str, at) -> PartnerConsent:
    """
    This will give the standing consent that lets an app ask for payments from an account.

    :raises NoSuchPayment: if there is none; another's account and none look the same.
    """
    consents = partner_queries.standing(grant, scope=SCOPE, at=at).filter(accounts__number=number)
    return _found(consents.select_related("app", "customer__user"))


def asked_by(app: PartnerApp, *, public_id, user=None) -> PartnerPayment:
    """
    This will give a payment that an app asked for; with a customer's token only that customer's.

    :raises NoSuchPayment: if it is another's.
    """
    rows = PartnerPayment.objects.filter(app=app, public_id=public_id)
    rows = rows if user is None else rows.filter(consent__customer__user=user)
    return _found(rows.select_related("source__product", "target", "transfer"))


def asked_of(actor: Actor, *, public_id) -> PartnerPayment:
    """
    This will give a payment that the customer who acts was asked for.

    :raises NoSuchPayment: if somebody else was.
    """
    rows = PartnerPayment.objects.filter(consent__customer=actor.customer_id, public_id=public_id)
    return _found(
        rows.select_related(
            "app__client", "app__partner", "consent__customer", "transfer",
            "source__customer__user", "source__product", "target__customer__user",
        )
    )  # fmt: skip


def _found(rows):
    row = rows.first()
    if row is None:
        raise NoSuchPayment
    return row
