"""What a customer's own deposits carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.customers.models import Customer
from accounts.deposits.models import DepositAccount
from accounts.products.models import EVERYDAY
from ledger.chart.models import Side
from ledger.journal.models import Posting
from ledger.money import Money
from lending.credit.models import CreditCap, CreditTerm, ProductCap
from wekeza.kit.dated import NoSuchTerm

# What comes from outside or from somebody else. Loans, interest, what the bank gives back and what
# moves between a customer's own accounts say nothing of an income (kenya.md 4.5).
DEPOSITS = ("CASH_DEPOSIT", "MM_IN", "INTERNAL_TRANSFER", "PAYROLL")


@dataclass(frozen=True, slots=True)
class Deposits:
    """What came in over some days to a customer's everyday accounts, in KES."""

    since: date
    days: int
    count: int
    total: Money

    @property
    def average(self) -> Money:
        """What a deposit was on average, to the cent; nothing if there was none."""
        if not self.count:
            return Money.zero()
        return Money.rounded(self.total.amount / self.count, self.total.currency)


@dataclass(frozen=True, slots=True)
class Limit:
    """
    The most that somebody may be lent, and how it is made: a percentage of the average deposit, at
    most the cap of their tier. It is nothing while there are fewer deposits than `least_deposits`.
    """

    deposits: Deposits
    least_deposits: int
    percent: int
    cap: Money

    @property
    def by_deposits(self) -> Money:
        """Down to the cent: never more than the rule gives."""
        if self.deposits.count < self.least_deposits:
            return Money.zero()
        total = self.deposits.total.amount * self.percent / 100
        return Money.rounded(total / self.deposits.count, "KES", ROUND_DOWN)

    @property
    def amount(self) -> Money:
        return min(self.by_deposits, self.cap)

    @property
    def is_capped(self) -> bool:
        """The tier holds it down: with a higher one it would be more."""
        return self.by_deposits > self.cap


def limit_of(customer: Customer, *, on: date, terms: Mapping[str, int] | None = None) -> Limit:
    """
    This will work out what a customer may be lent on a day by what came in before and on it
    (BW04: average deposit x 0.8). `terms` are the credit policy's numbers of that day, where they
    were read already.

    :raises NoSuchTerm: if the credit policy has a gap on that day.
    """
    terms = terms or CreditTerm.numbers_on(on)
    kinds = CreditTerm.Kind
    return Limit(
        deposits=deposits_of(customer, on=on, days=terms[kinds.DEPOSIT_DAYS]),
        least_deposits=terms[kinds.LEAST_DEPOSITS],
        percent=terms[kinds.LIMIT_PERCENT],
        cap=_cap_of(customer, on=on),
    )


def deposits_of(customer: Customer, *, on: date, days: int) -> Deposits:
    """
    This will count and add up what came in to a customer's everyday accounts on the `days` business
    dates that end with `on`: from outside or from others, but no business that they act for, and
    not taken back.
    """
    since = on - timedelta(days=days - 1)
    came = came_in(customer, first=since, last=on)
    found = came.aggregate(count=Count("*"), total=Sum("amount"))
    total = Money.rounded(found["total"] or Decimal(0), "KES")
    return Deposits(since=since, days=days, count=found["count"], total=total)


def came_in(customer: Customer, *, first: date, last: date) -> QuerySet[Posting]:
    """This will give the postings that `deposits_of` counts, from a business date to another."""
    mine = Q(account__deposit_account__customer=customer) | Q(
        account__deposit_account__business__members__customer=customer
    )
    own = Posting.objects.filter(mine, entry_id=OuterRef("entry_id")).exclude(
        account_id=OuterRef("account_id")
    )
    found = Posting.objects.filter(
        account__deposit_account__customer=customer,
        account__deposit_account__product=EVERYDAY,
        shard=0,
        side=Side.CREDIT,
        business_date__range=(first, last),
        entry__kind__in=DEPOSITS,
        entry__reversed_by=None,
    )
    return found.exclude(Exists(own))


def months_here(customer: Customer, *, on: date) -> int:
    """This will give for how many whole months a customer has had an account."""
    opened = DepositAccount.objects.filter(customer=customer).order_by("opened_date").first()
    if opened is None:
        return 0
    since = opened.opened_date
    months = (on.year - since.year) * 12 + on.month - since.month
    return max(months - (on.day < since.day), 0)


def cap_of(customer: Customer, *, product: str, on: date) -> Money | None:
    """This will give the most of a product for a customer's tier; None: not lent at that tier."""
    rows = ProductCap.objects.on(on).filter(product=product, tier=customer.tier_id)
    row = rows.first()
    return Money.rounded(row.amount, "KES") if row is not None and row.amount else None


def _cap_of(customer: Customer, *, on: date) -> Money:
    row = CreditCap.objects.on(on).filter(tier=customer.tier_id).first()
    if row is None:
        raise NoSuchTerm(f"the cap of {customer.tier_id} on {on}")
    return Money.rounded(row.amount, "KES")
