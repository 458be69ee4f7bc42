"""Asking a credit reference bureau about a customer or a business, once in a while."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.businesses.models import Business
from accounts.customers.models import Customer
from ledger.controls import audit
from ledger.money import ROUNDING, Money
from lending.bureau import providers, queries
from lending.bureau.answers import Report, Result
from lending.bureau.client import NAME, NATIONAL_ID, REGISTRATION
from lending.bureau.models import BureauEnquiry
from wekeza.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Consent:
    """The words that a customer agreed to: their version, and SHA-256 in hex of what was shown."""

    version: str
    text_hash: str


def ask(
    customer,
    *,
    amount: Money,
    consent: Consent,
    at: datetime,
    actor: Actor,
    business: Business | None = None,
) -> BureauEnquiry:
    """
    This will ask the bureau how a customer repays, or a business for which they agree, for an
    application of so many shillings, and keep what it said; a fresh answer is used again instead.
    It goes over the network, so it refuses to run inside a transaction. Two at once may both ask;
    each keeps its own answer.

    :raises NoSuchTerm: if nothing says how long an answer is fresh.
    """
    shillings = amount.amount.to_integral_value(ROUNDING)
    if amount.currency != "KES" or shillings <= 0:
        raise ValueError(f"a bureau is asked about whole shillings, not about {amount}")
    about = business or customer
    if (known := _fresh(about, at=at)) is not None:
        return known

    bureau = providers.bureau()
    report = Report(Result.NOBODY, error="no METROPOL_URL")
    if bureau is not None:
        report = bureau.report_on(
            number=queries.number_of(about), kind=REGISTRATION if business else NATIONAL_ID,
            amount=int(shillings), at=at,
        )  # fmt: skip

    enquiry = BureauEnquiry(
        customer=customer,
        business=business,
        amount=shillings,
        consent_version=consent.version,
        consent_hash=consent.text_hash,
        identity_hash=queries.identity_hash(about),
        asked_at=at,
        bureau=NAME if bureau else "",
    )
    return _keep(enquiry, report, actor=actor)


@transaction.atomic(durable=True)
def _fresh(about: Customer | Business, *, at: datetime) -> BureauEnquiry | None:
    """Durable, so that whoever asks inside a transaction hears of it before the bureau does."""
    return queries.fresh(about, at=at)


@transaction.atomic(durable=True)
def _keep(enquiry: BureauEnquiry, report: Report, *, actor: Actor) -> BureauEnquiry:
    enquiry.asked_by = str(actor)
    enquiry.result = report.result
    enquiry.standing = report.standing or ""
    enquiry.enquiries_3_months = report.enquiries_3_months
    enquiry.answered_at = enquiry.asked_at if enquiry.is_answered else None
    enquiry.reference, enquiry.error, enquiry.raw = report.reference, report.error, report.raw
    enquiry.save()
    audit.record(actor=actor, deed="bureau.asked", subject=enquiry, result=enquiry.result)
    return enquiry
