"""Looking at what became of loans, and at the terms of watching."""

from datetime import date
from decimal import Decimal

from lending.monitoring.models import LoanOutcome, LoanVerdict, MonitorTerm
from wekeza.kit.dated import NoSuchTerm


def terms_on(day: date) -> dict[str, Decimal]:
    """
    This will give every figure of watching that is in force on a day, by kind.

    :raises NoSuchTerm: if one is missing.
    """
    # Of two of a kind the later start comes last.
    found = dict(MonitorTerm.objects.on(day).reverse().values_list("kind", "value"))
    for kind in MonitorTerm.Kind.values:
        if kind not in found:
            raise NoSuchTerm(f"{kind} of MonitorTerm on {day}")
    return found


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of how a customer's loans went, for their own copy."""
    mine = {"loan__customer": customer, "loan__business": None}
    seen = LoanOutcome.objects.filter(**mine).select_related("loan")
    judged = LoanVerdict.objects.filter(**mine).select_related("loan")
    return [
        {
            "loan": row.loan.number,
            "after_days": row.after_days,
            "paid": row.is_paid,
            "days_late": row.days_late,
            "class": row.loan_class,
        }
        for row in seen.order_by("pk")
    ] + [
        {"loan": row.loan.number, "bad": row.is_bad, "known_on": row.known_on.isoformat()}
        for row in judged.order_by("pk")
    ]
