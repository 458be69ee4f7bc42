"""What comes into a business's accounts here from its customers."""

from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

from django.db.models import Exists, OuterRef, Q, Sum

from ledger.calendar import queries as calendar
from ledger.chart.models import Side
from ledger.journal.models import Posting
from ledger.money import Money
from lending.credit.queries import DEPOSITS

YEAR, HALF = 12, 6  # Months.


def came_in(business, *, first: date, last: date) -> Money:
    """
    This will add up what came in to a business's accounts on the business dates from `first` to
    `last`: from outside or from others, but not from its own accounts or those of who acts or acted
    for it, and not what was taken back.
    """
    mine = Q(account__deposit_account__business=business) | Q(
        account__deposit_account__customer__memberships__business=business
    )
    own = Posting.objects.filter(mine, entry_id=OuterRef("entry_id")).exclude(
        account_id=OuterRef("account_id")
    )
    came = Posting.objects.filter(
        account__deposit_account__business=business,
        shard=0,
        side=Side.CREDIT,
        business_date__range=(first, last),
        entry__kind__in=DEPOSITS,
        entry__reversed_by=None,
    ).exclude(Exists(own))
    return Money.rounded(came.aggregate(total=Sum("amount"))["total"] or Decimal(0), "KES")


def percent_here(business, *, turnover: Money, on: date) -> Decimal:
    """This will give what part of a year's turnover came in here, in percent to a tenth, down."""
    came = came_in(business, first=_after(on, -YEAR), last=on)
    return tenths(came.amount / turnover.amount * 100)


def trend_percent(business, *, on: date) -> Decimal | None:
    """
    This will give how much more came in during half a year than during the half before, in percent
    to a tenth, down; None if nothing came in then.
    """
    lately = came_in(business, first=_after(on, -HALF), last=on)
    before = came_in(business, first=_after(on, -YEAR), last=_after(on, -HALF) - timedelta(days=1))
    if not before:
        return None
    return tenths((lately.amount - before.amount) / before.amount * 100)


def tenths(number: Decimal) -> Decimal:
    """To a tenth, down: never more than it is."""
    return number.quantize(Decimal("0.1"), ROUND_FLOOR)


def _after(on: date, months: int) -> date:
    """The first day of a span of months that ends with `on`."""
    return calendar.months_after(on, months) + timedelta(days=1)
