"""Looking at vouchers, and whether what is written may be booked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from ledger.approvals.states import ApprovalState
from ledger.calendar.models import BusinessDay
from ledger.chart.models import LedgerAccount, Side
from ledger.journal.lines import Line
from ledger.journal.models import Entry, Posting
from ledger.money import Money
from ledger.refusals import ValueDateNotOpen
from ledger.vouchers import kept
from ledger.vouchers.models import Voucher
from ledger.vouchers.refusals import (
    ControlLine,
    CustomerReasonMissing,
    KeptEntry,
    KeptLine,
    LineClosed,
    LineShort,
    NoSuchLine,
    TooFewLines,
    VoucherUnbalanced,
)

MOST_LINES = 40
STATES = {
    "DRAFT": Q(approval=None),
    "PENDING": Q(approval__state=ApprovalState.PENDING),
    "POSTED": Q(approval__state=ApprovalState.APPROVED),
    "OVER": Q(
        approval__state__in=[
            ApprovalState.REJECTED,
            ApprovalState.WITHDRAWN,
            ApprovalState.EXPIRED,
        ]
    ),
}


@dataclass(frozen=True, slots=True)
class Total:
    """What a voucher books in one currency; both sides are the same once it may be asked for."""

    debits: Money
    credits: Money

    @property
    def difference(self) -> Money:
        return self.debits - self.credits


def account_by(code: str) -> LedgerAccount:
    """
    This will give the account that somebody means by a code: a line of the chart or the number of
    a customer's account.

    :raises NoSuchLine: if there is none.
    """
    found = LedgerAccount.objects.filter(code=code.strip().replace(" ", "")).first()
    if found is None:
        raise NoSuchLine(code=code)
    return found


def vouchers(*, state: str = "", words: str = "", person: str = "") -> QuerySet[Voucher]:
    """
    This will give vouchers, the newest first: of a state (DRAFT, PENDING, POSTED, OVER), with words
    in number, narrative or paper reference. Drafts are their maker's alone.
    """
    rows = Voucher.objects.select_related("approval", "entry", "reverses").order_by("-pk")
    rows = rows.filter(Q(approval__isnull=False) | Q(maker_person=person))
    if state in STATES:
        rows = rows.filter(STATES[state])
    if words:
        rows = rows.filter(
            Q(number__iexact=words) | Q(narrative__icontains=words) | Q(paper_ref__icontains=words)
        )
    return rows


def of_entry(entry: Entry) -> Voucher | None:
    """This will give the voucher that an entry came from, if a person wrote it by hand."""
    return Voucher.objects.select_related("approval").filter(entry=entry).first()


def reversal_waiting(entry: Entry) -> Voucher | None:
    """This will give the voucher that asks to reverse an entry and waits for a second person."""
    rows = Voucher.objects.filter(reverses=entry, approval__state=ApprovalState.PENDING)
    return rows.select_related("approval").first()


def lines_of(voucher: Voucher) -> list[Line]:
    """This will give what a voucher books; for a reversal the mirror of the entry's postings."""
    if voucher.is_reversal:
        return mirror_of(voucher.reverses)
    rows = voucher.lines.select_related("account").order_by("place")
    return [Line(row.side, row.account_id, row.money) for row in rows]


def mirror_of(entry: Entry) -> list[Line]:
    """This will give the lines that would take an entry back."""
    rows = Posting.objects.filter(entry=entry).order_by("line")
    other = {Side.DEBIT.value: Side.CREDIT.value, Side.CREDIT.value: Side.DEBIT.value}
    return [
        Line(other[row.side], row.account_id, Money.rounded(row.amount, row.currency_id))
        for row in rows
    ]


def accounts_of(lines: Iterable[Line]) -> dict[int, LedgerAccount]:
    """This will give the accounts of some lines by id."""
    return LedgerAccount.objects.in_bulk({line.account_id for line in lines})


def totals_of(lines: Iterable[Line]) -> list[Total]:
    """This will sum lines by currency, in the order of the currencies' codes."""
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        sums[line.money.currency][line.side] += line.money.amount
    return [
        Total(Money(both[Side.DEBIT], currency), Money(both[Side.CREDIT], currency))
        for currency, both in sorted(sums.items())
    ]


def check_lines(lines: list[Line], *, customer_reason: str) -> None:
    """
    This will look whether lines may be asked for; the books look again when they are posted.

    :raises TooFewLines: below two, or more than a voucher has.
    :raises VoucherUnbalanced: if debits are not credits in every currency.
    :raises ControlLine: for a line that is the sum of others; LineClosed, for a closed account;
        KeptLine, for one that a room keeps by itself.
    :raises CustomerReasonMissing: if a customer's account is touched and nobody says why.
    :raises LineShort: if a customer's account has too little available.
    """
    if not 2 <= len(lines) <= MOST_LINES:
        raise TooFewLines(count=len(lines), most=MOST_LINES)
    accounts = accounts_of(lines)
    for account in accounts.values():
        check_account(account)
        if account.is_guarded and not customer_reason.strip():
            raise CustomerReasonMissing(code=account.code)
    for total in totals_of(lines):
        if total.difference:
            raise VoucherUnbalanced(
                debits=total.debits, credits=total.credits, difference=_size(total.difference)
            )
    check_funds(lines, accounts)


def check_account(account: LedgerAccount) -> None:
    """
    This will look whether an account takes entries by hand at all.

    :raises ControlLine: if its balance is the sum of others.
    :raises KeptLine: if a room keeps it, or the line above it, by itself.
    :raises LineClosed: if it is closed.
    """
    if account.is_control:
        raise ControlLine(code=account.code, name=account.name, children=account.children.count())
    if room := kept.by_line(account.control.code if account.control_id else account.code):
        raise KeptLine(code=account.code, name=account.name, instead=room.instead)
    if account.closed_date is not None:
        raise LineClosed(code=account.code)


def check_entry(entry: Entry) -> None:
    """
    This will look whether an entry can be taken back by hand at all.

    :raises KeptEntry: if a room keeps its kind by itself.
    """
    if room := kept.by_kind(entry.kind):
        raise KeptEntry(entry=entry.pk, kind=entry.kind, instead=room.instead)


def check_funds(lines: Iterable[Line], accounts: dict[int, LedgerAccount]) -> None:
    """
    This will look whether customers' accounts have what is taken from them.

    :raises LineShort: if one has not.
    """
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        account = accounts[line.account_id]
        if account.is_guarded:
            sign = -1 if line.side == account.normal_side else 1
            taken[account.pk] += sign * line.money.amount
    for account_id, amount in taken.items():
        account = accounts[account_id]
        required = Money(amount, account.currency_id)
        if amount > 0 and account.available < required:
            raise LineShort(code=account.code, required=required)


def check_value_date(value_date: date | None) -> None:
    """
    This will look whether a value date takes entries now; none is the day of posting.

    :raises ValueDateNotOpen: before the open period, or after the business date.
    """
    day = BusinessDay.objects.get()
    if value_date is not None and not day.open_from <= value_date <= day.business_date:
        raise ValueDateNotOpen(
            value_date=value_date, open_from=day.open_from, business_date=day.business_date
        )


def _size(money: Money) -> Money:
    return money if money.amount > 0 else -money
