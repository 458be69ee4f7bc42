"""Reads of what a bureau was asked."""

from datetime import datetime, timedelta

from ledger.calendar import queries as calendar
from ledger.money import Money
from lending.bureau.answers import Result
from lending.bureau.models import BureauEnquiry, BureauTerm
from wekeza.kit.encryption import blind_index


def latest(customer) -> BureauEnquiry | None:
    """This will give the newest question about a customer, whatever became of it."""
    return BureauEnquiry.objects.filter(customer=customer).order_by("-id").first()


def fresh(customer, *, at: datetime) -> BureauEnquiry | None:
    """
    This will give the newest answer about a customer that is not too old to be used again. One
    about an ID number that was corrected since is about somebody else.

    :raises NoSuchTerm: if nothing says how long an answer is fresh.
    """
    days = BureauTerm.numbers_on(calendar.nairobi_date(at))[BureauTerm.Kind.FRESH_DAYS]
    return (
        BureauEnquiry.objects.filter(
            customer=customer,
            result=Result.FOUND,
            identity_hash=identity_hash(customer),
            answered_at__gte=at - timedelta(days=days),
        )
        .order_by("-id")
        .first()
    )


def identity_hash(customer) -> str:
    """This will give the keyed hash of the ID number that a customer has now."""
    return blind_index(customer.national_id, context="bureau_enquiry.identity")


def held_on(customer) -> list[dict]:
    """This will give what was asked about the customer and what was said, for the copy of data."""
    rows = BureauEnquiry.objects.filter(customer=customer).order_by("-id")
    return [
        {
            "asked_of": row.bureau,
            "purpose": row.get_purpose_display(),
            "amount": Money.rounded(row.amount, "KES"),
            "version": row.consent_version,
            "text_sha256": row.consent_hash,
            "asked": row.asked_at,
            "result": row.get_result_display(),
            "answered": row.answered_at,
            "standing": row.get_standing_display(),
            "enquiries_3_months": row.enquiries_3_months,
            "reference": row.reference,
        }
        for row in rows
    ]
