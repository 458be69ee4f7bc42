"""Opening savings accounts, and what they earn: each day, booked, and paid at the month's end."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.customers.models import Customer
from accounts.deposits import operations as deposits
from accounts.deposits.models import DepositAccount
from accounts.products.models import SAVINGS
from accounts.savings import queries
from accounts.savings.models import InterestAccrual, InterestJournal
from accounts.tariffs.models import TaxKind
from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.controls import audit
from ledger.journal import operations as journal
from ledger.journal.lines import credit, debit
from ledger.journal.operations import InsufficientFunds
from ledger.money import Money
from ledger.refusals import translated
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal
from wekeza.kit.failpoints import failpoint

__all__ = [
    "DetailsBeingChecked",
    "InsufficientFunds",
    "OpeningTooSmall",
    "accrue",
    "book",
    "end_interest",
    "open_savings",
    "pay",
]

EXPENSE, OWED = "5010", "2110"
MONTH_INTEREST = "Interest"


class OpeningTooSmall(Refusal):
    """Facts: least, the opening deposit of the product."""

    code = "opening_too_small"
    status = 400
    text = _("A savings account is opened with {least} or more.")


class DetailsBeingChecked(Refusal):
    """The customer may open nothing now; neither the words nor the code say why."""

    code = "details_being_checked"
    status = 403
    text = _("We are checking your details. No account was opened. Call 0700 123 456.")


@transaction.atomic
def open_savings(
    *, source: DepositAccount, money: Money, reference: UUID, actor: Actor, at: datetime
) -> DepositAccount:
    """
    This will open a savings account for the customer who holds `source` and move its first money
    from there, in KES; asked again by the same reference it gives the same account.

    :raises DetailsBeingChecked: if the customer is held or suspended.
    :raises OpeningTooSmall: if it is less than the product is opened with.
    :raises InsufficientFunds: if less is available in the source.
    :raises AccountFrozen: if the source pays nothing out now.
    :raises MaximumBalance: if the new account may not hold so much.
    :raises ReferenceReused: if the reference stands for another amount or source.
    """
    # Locked, so that of two presses the second finds what the first has opened.
    customer = Customer.objects.select_for_update().get(pk=source.customer_id)
    known = queries.opened_from(source, money=money, reference=reference)
    if known is not None:
        return known
    if not customer.is_active:
        raise DetailsBeingChecked
    term = queries.deposit_term(SAVINGS, on=calendar.nairobi_date(at))
    least = Money.rounded(term.opening_deposit, money.currency)
    if money < least:
        raise OpeningTooSmall(least=least)
    account = deposits.open_savings(
        customer=customer, minimum=term.minimum_balance, actor=actor, at=at, branch=source.branch
    )
    journal.post(
        owner=source.owner_ref,
        reference=f"savings:{reference}",
        kind="SAVINGS_OPENING",
        lines=[debit(source.ledger_account, money), credit(account.ledger_account, money)],
        actor=actor,
        at=at,
        source=audit.subject_of(account),
    )
    failpoint("savings.funded")
    audit.record(actor=actor, deed="savings.opened", subject=account, first=money)
    return account


def accrue(
    *, day: date, moment: datetime, late_from: int, back_from: int, first: int, last: int
) -> int:
    """
    This will write what each interest-bearing account with a ledger account from `first` to `last`
    earned on the open business date `day`, to a millionth, and give their number.

    It is worked out on the balance when the day ended by the clock, at `moment`: entries from
    `late_from` on that were asked for later do not count, nor cheques that are not cleared. Entries
    from `back_from` up to `late_from` with an earlier value date change what those days earned.
    A second run writes nothing (kenya.md 5.1, SV24).

    :raises BusinessDateMoved: if `day` is not the business date.
    """
    return _call("savings_accrue", [day, moment, late_from, back_from, first, last])


@transaction.atomic
def book(*, day: date, late_from: int, actor: Actor, at: datetime) -> InterestJournal:
    """
    This will book what all accounts earned on a business date as owed to them, in KES, to the cent;
    what is left below it goes to the next date. Once a date: a second run gives the first result.
    It keeps from which entry on (`late_from`) they are the next date's to count.
    """
    failpoint("interest.before_booking")
    known = InterestJournal.objects.filter(pk=day).first()
    if known is not None:
        return known
    before = InterestJournal.objects.filter(pk__lt=day).order_by("-pk").first()
    carried = before.carried_out if before else Decimal(0)
    rows = InterestAccrual.objects.filter(booked_on=day)
    accrued = rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    booked = (carried + accrued).quantize(Decimal("0.01"), ROUND_HALF_UP)
    facts = {
        "accrued": accrued,
        "carried_in": carried,
        "booked": booked,
        "carried_out": carried + accrued - booked,
        "late_entry": late_from,
        "entry_id": _post_accrual(booked, day=day, actor=actor, at=at) if booked else None,
    }
    # Of two at once the books give both the same entry, and the first one's row stands.
    return InterestJournal.objects.get_or_create(business_date=day, defaults=facts)[0]


def pay(*, day: date, first: int, last: int, actor: Actor, at: datetime) -> int:
    """
    This will pay the interest of the accounts with a ledger account from `first` to `last`: what
    they earned since it was last paid, rounded half up to the cent, less the tax of the day; what
    is left below a cent goes on. It gives how many accounts it settled; again, none. Each payment
    is an entry of its own: interest owed is debited, the account is credited with the net, and the
    tax office (2220) with the tax (kenya.md 11.2, SAVINGS capitalise).

    :raises BusinessDateMoved: if `day` is not the business date.
    """
    arguments = [day, first, last, at, str(actor), MONTH_INTEREST, TaxKind.INTEREST_RESIDENT.value]
    return _call("savings_pay_interest", arguments)


def end_interest(account: DepositAccount, *, day: date, target: DepositAccount) -> None:
    """
    This will end what an account earns, on the open business date `day`, for it is closed in this
    transaction: the day earns nothing, and what is owed becomes whole cents, for `pay` to pay. The
    account and the one that its money goes to stay locked.

    :raises BusinessDateMoved: if `day` is not the business date, or is being closed already.
    :raises AccountClosed: if it was closed before.
    """
    arguments = [day, account.ledger_account_id, target.ledger_account_id]
    _call("savings_end_interest", arguments)


def _post_accrual(booked: Decimal, *, day: date, actor: Actor, at: datetime) -> int:
    """Interest expense against interest owed; the other way round when days were corrected down."""
    money = Money(abs(booked), "KES")
    expense, owed = chart.line(EXPENSE), chart.line(OWED)
    lines = [debit(expense, money), credit(owed, money)]
    if booked < 0:
        lines = [debit(owed, money), credit(expense, money)]
    posted = journal.post(
        owner="bank",
        reference=f"interest-accrual:{day}",
        kind="INTEREST_ACCRUAL",
        lines=lines,
        actor=actor,
        at=at,
        memo=f"Interest earned on savings, {day}",
    )
    return posted.entry_id


def _call(function: str, arguments: list) -> int:
    marks = ", ".join(["%s"] * len(arguments))
    with transaction.atomic(), translated(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({marks})", arguments)  # noqa: S608 - names of ours.
        return cursor.fetchone()[0]
