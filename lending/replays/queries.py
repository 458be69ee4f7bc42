"""Looking at replays."""

from decimal import Decimal

from django.db.models import Sum

from ledger.money import Money
from lending.loans.models import Loan
from lending.replays.models import Replay


def of(loan: Loan) -> list[Replay]:
    """This will give the replays of a loan, the newest first."""
    rows = loan.replays.order_by("-pk").select_related("approval", "reversed")
    return list(rows)


def later_of(row: Replay) -> int:
    """This will count the later payments that a replay took back, to book them anew."""
    return row.payments.filter(reverses__isnull=False).exclude(reverses=row.reversed_id).count()


def back_of(row: Replay) -> Money:
    """This will give what a replay put back into the account, in KES; below nothing, it took."""
    total = row.payments.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return Money.rounded(-total, "KES")


def costs_of(row: Replay) -> Money:
    """This will give what its loan costs the customer more because of a replay, in KES."""
    before, after = row.owed
    return after - before - back_of(row)


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of replays of a customer's loans, for their own copy."""
    rows = Replay.objects.filter(loan__customer=customer, loan__business=None).order_by("pk")
    return [
        {
            "loan": row.loan.number,
            "since": row.since.isoformat(),
            "taken_back": row.reversed.receipt_no if row.reversed else "",
            "business_date": row.business_date.isoformat(),
            "owed_before": str(row.owed[0]),
            "owed_after": str(row.owed[1]),
        }
        for row in rows.select_related("loan", "reversed")
    ]
