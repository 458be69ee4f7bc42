"""What savings earn and why: terms in force, the days of a month, and what was paid."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from accounts.deposits.queries import Holding
from accounts.products.models import SAVINGS
from accounts.savings.models import DepositTerm, InterestAccrual, InterestPayment, InterestTerm
from ledger.calendar import queries as calendar
from ledger.journal.models import Entry
from ledger.money import Money
from ledger.refusals import ReferenceReused
from ledger.vouchers.kept import Kept
from wekeza.kit.actor import Actor
from wekeza.kit.dated import NoSuchTerm

# P21 ties them to the tables of this room.
KEPT = Kept(
    lines=frozenset({"2110"}),
    kinds=frozenset({"INTEREST", "INTEREST_ACCRUAL", "SAVINGS_CLOSING", "SAVINGS_CLOSING_FEE"}),
    instead=(
        "The savings accounts book it. Book what was missed on the customer’s account with its "
        "value date, and the next night corrects the interest; or make it good on 5010."
    ),
)


@dataclass(frozen=True, slots=True)
class EarnedDay:
    """
    One day of an account: the balance at its end, the rate, and what it earned, to a millionth.
    `corrected_on` is the date on which an entry with an earlier value date changed it.
    """

    day: date
    base: Decimal
    annual_percent: Decimal
    least_balance: Decimal
    amount: Decimal
    corrected_on: date | None

    @property
    def is_below_least(self) -> bool:
        return self.base < self.least_balance

    @property
    def least(self) -> Money:
        return Money.rounded(self.least_balance, "KES")

    @property
    def balance(self) -> Money:
        return Money.rounded(self.base, "KES")


@dataclass(frozen=True, slots=True)
class EarnedMonth:
    """
    A month of an account: its days, the newest first, their sum, and the payment at its end;
    `last_cent` is what brought an account that was closed to whole cents.
    """

    first: date
    days: list[EarnedDay]
    earned: Decimal
    last_cent: Decimal
    payment: InterestPayment | None

    @property
    def of_other_months(self) -> Decimal:
        """What the payment counts besides: corrections found after another month was paid."""
        paid = self.payment
        return paid.accrued - self.earned - self.last_cent if paid else Decimal(0)


@dataclass(frozen=True, slots=True)
class Kept:
    """An account of a customer and, if it earns interest today, what it earns."""

    holding: Holding
    term: InterestTerm | None

    @property
    def is_savings(self) -> bool:
        return self.holding.account.product_id == SAVINGS


@dataclass(frozen=True, slots=True)
class Offer:
    """What a savings account is opened with, keeps and earns, on a day."""

    opening: Money
    minimum: Money
    term: InterestTerm


def interest_term(product: str, *, on: date) -> InterestTerm:
    """
    This will give what a product earns on a day.

    :raises NoSuchTerm: if no row is in force.
    """
    return _in_force(InterestTerm, product, on)


def interest_term_or_none(product: str, *, on: date) -> InterestTerm | None:
    """This will give what a product earns on a day; None if it earns nothing."""
    return InterestTerm.objects.on(on).filter(product=product).first()


def deposit_term(product: str, *, on: date) -> DepositTerm:
    """
    This will give what must stay in a product's accounts, and what one is opened with, on a day.

    :raises NoSuchTerm: if no row is in force.
    """
    return _in_force(DepositTerm, product, on)


def accounts_of(actor: Actor, *, on: date) -> list[Kept]:
    """
    This will give the accounts of a customer, those that are closed last, with what they earn on a
    day: two queries.
    """
    holdings = deposit_queries.held_by(actor)
    terms = {term.product_id: term for term in InterestTerm.objects.on(on)} if holdings else {}
    holdings.sort(key=lambda holding: holding.is_closed)
    return [Kept(holding, terms.get(holding.account.product_id)) for holding in holdings]


def offer(product: str, *, on: date) -> Offer:
    """
    This will tell on what terms an account of a product is opened on a day.

    :raises NoSuchTerm: if no row is in force.
    """
    term = deposit_term(product, on=on)
    return Offer(
        opening=Money.rounded(term.opening_deposit, "KES"),
        minimum=Money.rounded(term.minimum_balance, "KES"),
        term=interest_term(product, on=on),
    )


def opened_from(source: DepositAccount, *, money: Money, reference: UUID) -> DepositAccount | None:
    """
    This will give the savings account that a customer opened under a reference with `money` from
    `source`, if any.

    :raises ReferenceReused: if the reference stands for another amount or source.
    """
    entry = Entry.objects.filter(owner=source.owner_ref, reference=f"savings:{reference}").first()
    if entry is None:
        return None
    if not entry.postings.filter(account=source.ledger_account_id, amount=money.amount).exists():
        raise ReferenceReused(reference=str(reference))
    return DepositAccount.objects.get(pk=entry.source.partition(":")[2])


def bearing_accounts(*, on: date) -> QuerySet[DepositAccount]:
    """This will give the open accounts whose product earns interest on a day."""
    products = InterestTerm.objects.on(on).values("product")
    return DepositAccount.objects.filter(product__in=products, closed_date=None)


def month_of(account: DepositAccount, *, month: date) -> EarnedMonth:
    """
    This will tell what an account earned on each day of the month that starts on `month`, and what
    it was paid for it: two queries, over the month's part of the table.
    """
    first = calendar.month_start(month)
    after = calendar.month_start(first + timedelta(days=32))
    rows = InterestAccrual.objects.filter(
        account_id=account.ledger_account_id,
        for_day__gte=first,
        for_day__lt=after,
        booked_on__gte=first,
    ).order_by("for_day", "booked_on")
    days: dict[date, EarnedDay] = {}
    last_cent = Decimal(0)
    for row in rows:
        if row.for_day == account.closed_date:
            last_cent = row.amount
            continue
        before = days.get(row.for_day)
        days[row.for_day] = EarnedDay(
            day=row.for_day,
            base=row.base,
            annual_percent=row.annual_percent,
            least_balance=row.least_balance,
            amount=row.amount + (before.amount if before else 0),
            corrected_on=row.booked_on if before else None,
        )
    payment = InterestPayment.objects.filter(
        account=account, paid_on__gte=first, paid_on__lt=after
    ).order_by("-paid_on")
    earned = sum((day.amount for day in days.values()), Decimal(0))
    return EarnedMonth(first, list(reversed(days.values())), earned, last_cent, payment.first())


def _in_force(model, product: str, day: date):
    row = model.objects.on(day).filter(product=product).first()
    if row is None:
        raise NoSuchTerm(f"{model.__name__} of product {product} on {day}")
    return row
