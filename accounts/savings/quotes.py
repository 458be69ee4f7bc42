"""What closing a savings account comes to: shown before, decided on, and told afterwards."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection

from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from accounts.products.models import EVERYDAY, SAVINGS
from accounts.savings import queries, refusals
from accounts.tariffs import queries as tariffs
from accounts.tariffs.models import TaxKind
from accounts.tariffs.queries import Fee
from ledger.calendar import queries as calendar
from ledger.journal.models import Entry, Posting
from ledger.money import Money
from wekeza.kit import words
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal
from wekeza.kit.receipts import serial_of

TARIFF = "SAVINGS_EARLY_CLOSURE"
KIND, FEE_KIND = "SAVINGS_CLOSING", "SAVINGS_CLOSING_FEE"
FEES, DUTY = "4160", "2210"  # Lines of the chart: fees of accounts, excise that is owed.


@dataclass(frozen=True, slots=True)
class Closing:
    """
    What closing an account on a business date comes to: the balance in it, the interest that is
    still owed with the tax of its day, the fee, and where the rest goes. `free_from` is the first
    day on which closing is free. `entry` is the entry that moved the rest, once it is closed.
    """

    account: DepositAccount
    target: DepositAccount | None
    day: date
    balance: Money
    interest: Money
    tax_percent: Decimal
    tax: Money
    fee: Fee
    free_from: date
    entry: Entry | None = None

    @property
    def paid(self) -> Money:
        """The interest less its tax."""
        return self.interest - self.tax

    @property
    def earned_to(self) -> date:
        """The last day that earned: the day of the closing earns nothing."""
        return self.day - timedelta(days=1)

    @property
    def arrives(self) -> Money:
        return self.balance + self.paid - self.fee.gross

    @property
    def amounts(self) -> tuple[Money, ...]:
        """From what all else follows."""
        return self.balance, self.interest, self.tax, self.fee.gross

    @property
    def figures(self) -> str:
        """All that was shown, in one word that a form gives back."""
        target = self.target.number if self.target else ""
        return "|".join([target, *(f"{money.amount:.2f}" for money in self.amounts)])


def closing_of(account: DepositAccount) -> Closing:
    """This will tell what closing an open savings account comes to as the books stand now."""
    holding = deposit_queries.standing_of(account)
    day = calendar.business_date()
    tax_percent = tariffs.tax_on(TaxKind.INTEREST_RESIDENT, on=day)
    interest = Money.rounded(max(_owed(account), Decimal(0)), "KES")
    tax = Money.rounded(interest.amount * tax_percent / 100, "KES")
    return Closing(
        account=account,
        target=target_of(account),
        day=day,
        balance=holding.balance,
        interest=interest,
        tax_percent=tax_percent,
        tax=tax,
        fee=_fee_of(account, day=day, most=holding.balance + interest - tax),
        free_from=free_from(account, on=day),
    )


def target_of(account: DepositAccount) -> DepositAccount | None:
    """This will give where its money would go: the oldest open everyday account of its holder."""
    theirs = DepositAccount.objects.filter(
        customer=account.customer_id, product=EVERYDAY, closed_date=None
    )
    return theirs.select_related("product", "ledger_account").order_by("pk").first()


def free_from(account: DepositAccount, *, on: date) -> date:
    """This will give the first day on which closing an account is free, by the terms of a day."""
    term = queries.deposit_term(account.product_id, on=on)
    return calendar.months_after(account.opened_date, term.early_closure_months)


def early_closure(product: str, *, on: date) -> tuple[int, Fee] | None:
    """
    This will tell what closing an account of a product costs, and for how many months after its
    opening, by the terms of a day: what somebody hears before opening one. None if it is free.
    """
    months = queries.deposit_term(product, on=on).early_closure_months
    return (months, tariffs.fee_of(TARIFF, on=on)) if months else None


def check(closing: Closing, *, at: datetime) -> None:
    """
    This will refuse a closing that would be refused, as things stand now.

    :raises BeingChecked: if the customer is held or suspended.
    :raises DayEnding: if the day of the books has ended by the clock, and was not closed yet.
    :raises AccountStopped: if the account is frozen in either direction.
    :raises HoldStands: if a hold stands on it.
    :raises NowhereToGo: if the customer has no open everyday account.
    :raises TargetTakesNothing: or TargetFull, if that one does not take what would arrive.
    """
    mine = deposit_queries.standing_of(closing.account)
    if not mine.account.customer.is_active:
        raise refusals.BeingChecked
    if calendar.nairobi_date(at) > closing.day:
        raise refusals.DayEnding(day=words.day(closing.day))
    if not mine.is_active:
        raise refusals.AccountStopped(ending=mine.ending)
    if mine.held:
        raise refusals.HoldStands(held=mine.held, balance=mine.balance)
    if closing.target is None:
        raise refusals.NowhereToGo
    theirs = deposit_queries.standing_of(closing.target)
    facts = {"ending": theirs.ending, "arrives": closing.arrives}
    if not theirs.takes_credits:
        raise refusals.TargetTakesNothing(**facts)
    if theirs.room is not None and closing.arrives > theirs.room:
        raise refusals.TargetFull(maximum=theirs.maximum, room=theirs.room, **facts)


def refusal_of(closing: Closing, *, at: datetime) -> Refusal | None:
    """This will give why a closing would be refused, for the page that asks; None if it is open."""
    try:
        check(closing, at=at)
    except Refusal as refusal:
        return refusal
    return None


def closed_of(account: DepositAccount) -> Closing:
    """This will tell what the closing of a closed savings account came to."""
    day = account.closed_date
    payment = account.interest_payments.filter(paid_on=day).first()
    nothing = Money.zero("KES")
    entry, target, moved = _moved_by(account)
    interest = payment.gross_money if payment else nothing
    tax = payment.tax_money if payment else nothing
    fee = _fee_paid(account)
    return Closing(
        account=account,
        target=target,
        day=day,
        balance=moved + fee.gross - interest + tax,
        interest=interest,
        tax_percent=payment.tax_percent if payment else Decimal(0),
        tax=tax,
        fee=fee,
        free_from=free_from(account, on=day),
        entry=entry,
    )


def closed_under(receipt_no: str) -> Closing | None:
    """This will give the closing of a receipt number, to verify its paper; whoever asks."""
    closed = DepositAccount.objects.filter(product=SAVINGS, closed_date__isnull=False)
    account = closed.filter(pk=serial_of(receipt_no)).select_related("customer", "product").first()
    closing = closed_of(account) if account else None
    return closing if closing and closing.entry and closing.entry.receipt_no == receipt_no else None


def savings_of(actor: Actor, *, number: str) -> DepositAccount:
    """
    This will give one savings account of the customer who acts, open or closed.

    :raises NoSuchAccount: if it is none of theirs.
    """
    account = deposit_queries.one_held_by(actor, number=number).account
    if account.product_id != SAVINGS:
        raise deposit_queries.NoSuchAccount
    return account


def reference_of(account: DepositAccount, kind: str) -> str:
    """This will give the reference of an entry of a closing: an account is closed once."""
    return f"{kind.lower().replace('_', '-')}:{account.number}"


def _owed(account: DepositAccount) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute("SELECT savings_owed(%s)", [account.ledger_account_id])
        return cursor.fetchone()[0]


def _fee_of(account: DepositAccount, *, day: date, most: Money) -> Fee:
    if day >= free_from(account, on=day):
        return Fee(*[Money.zero("KES")] * 3)
    return tariffs.fee_of(TARIFF, on=day, most=most)


def _moved_by(account: DepositAccount) -> tuple[Entry | None, DepositAccount | None, Money]:
    """The entry that emptied it, whereto and how much; nothing, if nothing was left to move."""
    entry = _entry_of(account, KIND)
    if entry is None:
        return None, None, Money.zero("KES")
    posting = Posting.objects.filter(entry=entry).exclude(account=account.ledger_account_id).get()
    target = DepositAccount.objects.select_related("product").get(ledger_account=posting.account_id)
    return entry, target, Money.rounded(posting.amount, posting.currency_id)


def _fee_paid(account: DepositAccount) -> Fee:
    rows = Posting.objects.filter(entry=_entry_of(account, FEE_KIND))
    amounts = dict(rows.values_list("account__code", "amount"))
    gross = Money.rounded(amounts.get(account.number, Decimal(0)), "KES")
    duty = Money.rounded(amounts.get(DUTY, Decimal(0)), "KES")
    return Fee(gross, gross - duty, duty)


def _entry_of(account: DepositAccount, kind: str) -> Entry | None:
    reference = reference_of(account, kind)
    return Entry.objects.filter(owner=account.owner_ref, reference=reference).first()
