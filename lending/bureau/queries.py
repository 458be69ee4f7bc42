"""Reads of what a bureau was asked."""

from datetime import datetime, timedelta

from accounts.businesses.models import Business
from accounts.customers.models import Customer
from ledger.calendar import queries as calendar
from ledger.money import Money
from lending.applications.queries import whose
from lending.bureau.answers import Result
from lending.bureau.models import BureauEnquiry, BureauTerm
from wekeza.kit.encryption import blind_index


def latest(about: Customer | Business) -> BureauEnquiry | None:
    """This will give the newest question about a party, whatever became of it."""
    return BureauEnquiry.objects.filter(**whose(about)).order_by("-id").first()


def fresh(about: Customer | Business, *, at: datetime) -> BureauEnquiry | None:
    """
    This will give the newest answer about a party that is not too old to be used again. One about
    a number that was corrected since is about somebody else.

    :raises NoSuchTerm: if nothing says how long an answer is fresh.
    """
    days = BureauTerm.numbers_on(calendar.nairobi_date(at))[BureauTerm.Kind.FRESH_DAYS]
    return (
        BureauEnquiry.objects.filter(
            **whose(about),
            result=Result.FOUND,
            identity_hash=identity_hash(about),
            answered_at__gte=at - timedelta(days=days),
        )
        .order_by("-id")
        .first()
    )


def number_of(about: Customer | Business) -> str:
    """This will give by which number the bureau knows a party now."""
    return about.registration_no if isinstance(about, Business) else about.national_id


def identity_hash(about: Customer | Business) -> str:
    """This will give the keyed hash of that number."""
    return blind_index(number_of(about), context="bureau_enquiry.identity")


def held_on(customer) -> list[dict]:
    """This will give what was asked about the customer and what was said, for the copy of data."""
    rows = BureauEnquiry.objects.filter(**whose(customer)).order_by("-id")
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
