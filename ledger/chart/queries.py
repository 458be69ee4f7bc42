"""Looking at the chart."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.db.models import QuerySet, Sum

from ledger.chart.models import FIRST_GL_ID, Balance, Counter, LedgerAccount
from ledger.money import Money


@lru_cache(maxsize=512)
def line(code: str) -> LedgerAccount:
    """
    This will give a GL line by its code. Ids and codes of lines never change, so they are kept;
    do not read a balance from what this returns.
    """
    return LedgerAccount.objects.get(code=code, pk__gte=FIRST_GL_ID)


def standing(account_id: int) -> Balance:
    """This will give how a customer's account stands now: balance, held, available, freezes."""
    return Balance.objects.get(account_id=account_id, shard=0)


def lines() -> QuerySet[LedgerAccount]:
    """This will give the bank's own lines in the order of the chart."""
    return LedgerAccount.objects.filter(pk__gte=FIRST_GL_ID).order_by("code")


def line_balance(gl_line: LedgerAccount) -> Money:
    """This will sum a GL line: its own rows, or for a control line its children."""
    parts = (
        Balance.objects.filter(account__control=gl_line)
        if gl_line.is_control
        else Balance.objects.filter(account=gl_line)
    )
    total = parts.aggregate(total=Sum("balance"))["total"]
    return Money.rounded(total or Decimal(0), gl_line.currency_id)


def used(*, owner_ref: str, kind: str, period_start: date) -> Decimal:
    """This will tell how much of a limit is used in a period, for showing; posting decides."""
    row = Counter.objects.filter(owner_ref=owner_ref, kind=kind, period_start=period_start)
    return row.values_list("used", flat=True).first() or Decimal(0)
