"""What the room holds on a person, for the copy of their data: no risk, no name of an officer."""

from accounts.kyc.facts import declared_by
from accounts.kyc.models import ExpiryNotice, Review
from ledger.money import Money


def declared_held_on(customer) -> dict:
    """This will give what a customer declared beside the profile."""
    declared = declared_by(customer)
    if declared is None:
        return {}
    return {
        "kra_pin": declared.kra_pin,
        "monthly_income": _income(declared),
        "source_of_funds": declared.get_source_of_funds_display(),
        "told": declared.told_at,
    }


def _income(declared) -> Money | None:
    income = declared.monthly_income
    return None if income is None else Money.rounded(income, declared.currency)


def requests_held_on(customer) -> list[dict]:
    """This will give the tiers that a customer asked for and how each request went."""
    return [
        {
            "level": row.tier.label,
            "state": row.get_state_display(),
            "asked": row.begun_at,
            "sent": row.sent_at,
            "answer_by": row.answer_due_at,
            "ended": row.closed_at,
        }
        for row in customer.submissions.select_related("tier").order_by("-pk")
    ]


def reviews_held_on(customer) -> list[dict]:
    """This will give when the bank looked at who a customer is, and until when that holds."""
    return [
        {
            "level": row.tier.label,
            "stands": row.state == Review.State.CURRENT,
            "decided": row.reviewed_at,
            "valid_until": row.due_date,
        }
        for row in customer.reviews.select_related("tier").order_by("-pk")
    ]


def notices_held_on(customer) -> list[dict]:
    """This will give what a customer was told to renew, and by when."""
    rows = ExpiryNotice.objects.filter(customer=customer).select_related("document")
    return [
        {
            "what": row.document.get_kind_display() if row.document else "",
            "valid_until": row.due_date,
            "told": row.told_at,
            "ended": row.settled_at,
        }
        for row in rows.order_by("-pk")
    ]
