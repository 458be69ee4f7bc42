"""
The ledger of one account over some business dates: opening balance, every posting with the balance
after it, closing balance.

A customer's account has one chain of postings, each with its balance. A GL line has 64, so that
payments do not wait for one another, and a control line has all of its children: there postings go
by entry, and the balance runs on the page, from the opening balance. Numbers of entries never go
back from one business date to the next (they are drawn under the lock of the day), so the order by
entry is the order of the days, and the entries of some days are a range of the primary key.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q, Sum

from ledger.balances.queries import standing_of
from ledger.chart.models import LedgerAccount, Side
from ledger.journal import queries as journal
from ledger.journal.models import Entry, Posting
from ledger.money import Money

PAGE = 50

_ROWS = """
SELECT entry_id, line, account_id, side, amount, moved FROM (
    SELECT p.entry_id, p.line, p.account_id, p.side, p.amount,
           sum(CASE p.side WHEN %(side)s THEN p.amount ELSE -p.amount END)
               OVER (ORDER BY p.entry_id, p.line) AS moved
      FROM {source}) AS rows
 WHERE (entry_id, line) > (%(entry)s, %(line)s) ORDER BY entry_id, line LIMIT %(most)s"""
_OF_A_LINE = """ledger_posting p
     WHERE p.account_id = %(id)s AND p.business_date BETWEEN %(first)s AND %(last)s"""
_OF_CHILDREN = """ledger_posting p JOIN ledger_ledgeraccount a ON a.id = p.account_id
     WHERE a.control_id = %(id)s AND p.entry_id BETWEEN %(lowest)s AND %(highest)s"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a ledger ends: two numbers of its last row, as they stand in the address."""

    first: int
    second: int

    def __str__(self):
        return f"{self.first}-{self.second}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """This will read a place out of an address; anything else is none."""
        first, _dash, second = text.partition("-")
        if all(part.isascii() and part.isdigit() and len(part) <= 18 for part in (first, second)):
            return cls(int(first), int(second))
        return None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One posting of a ledger, its entry, and the balance after it."""

    entry: Entry
    account: LedgerAccount
    side: str
    amount: Money
    balance_after: Money

    @property
    def is_debit(self) -> bool:
        return self.side == Side.DEBIT


@dataclass(frozen=True, slots=True)
class AccountLedger:
    """
    One account over some business dates, first and last included: opening, and what it takes to get
    to closing. `rows` are one page of the postings, the oldest first; `more` is where it ends.
    """

    account: LedgerAccount
    first: date
    last: date
    opening: Money
    closing: Money
    debits: Money
    credits: Money
    count: int
    rows: list[LedgerRow]
    more: Place | None

    @property
    def ties(self) -> bool:
        """Opening and the movements lead to closing."""
        moved = self.debits - self.credits
        grown = moved if self.account.normal_side == Side.DEBIT else -moved
        return self.opening + grown == self.closing


def ledger_of(
    account: LedgerAccount, *, first: date, last: date, after: Place | None = None, size: int = PAGE
) -> AccountLedger:
    """This will give a page of the ledger of an account over business dates `first` to `last`."""
    opening = standing_of(account, on=first - timedelta(days=1))
    debits, credits, count = _sums(account, first, last)
    if account.is_guarded:
        rows, more = _chain(account, first, last, after, size)
    else:
        rows, more = _running(account, first, last, opening, after, size)
    unit = account.currency_id
    return AccountLedger(
        account=account,
        first=first,
        last=last,
        opening=opening,
        closing=standing_of(account, on=last),
        debits=Money.rounded(debits, unit),
        credits=Money.rounded(credits, unit),
        count=count,
        rows=rows,
        more=more,
    )


def _chain(account, first, last, after, size) -> tuple[list[LedgerRow], Place | None]:
    """A customer's account: the posting key serves the page in its order."""
    postings = Posting.objects.filter(account=account, shard=0, business_date__range=(first, last))
    if after is not None:
        start = date.fromordinal(max(1, min(after.first, date.max.toordinal())))
        postings = postings.filter(
            Q(business_date__gt=start) | Q(business_date=start, sequence__gt=after.second),
            business_date__gte=start,
        )
    found = list(postings.select_related("entry").order_by("business_date", "sequence")[: size + 1])
    unit = account.currency_id
    rows = [
        LedgerRow(
            entry=row.entry,
            account=account,
            side=row.side,
            amount=Money.rounded(row.amount, unit),
            balance_after=Money.rounded(row.balance_after, unit),
        )
        for row in found[:size]
    ]
    end = found[size - 1] if len(found) > size else None
    return rows, end and Place(end.business_date.toordinal(), end.sequence)


def _running(account, first, last, opening, after, size) -> tuple[list[LedgerRow], Place | None]:
    """A line of the bank: the balance runs over its sub-balances, or its children."""
    source = _OF_CHILDREN if account.is_control else _OF_A_LINE
    lowest, highest = journal.numbers_of(first, last)
    facts = {
        "id": account.pk,
        "side": account.normal_side,
        "first": first,
        "last": last,
        "lowest": lowest,
        "highest": highest,
        "entry": after.first if after else 0,
        "line": after.second if after else 0,
        "most": size + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(source=source), facts)
        found = cursor.fetchall()
    entries = Entry.objects.in_bulk({row[0] for row in found})
    accounts = LedgerAccount.objects.in_bulk({row[2] for row in found})
    unit = account.currency_id
    rows = [
        LedgerRow(
            entry=entries[entry_id],
            account=accounts[account_id],
            side=side,
            amount=Money.rounded(amount, unit),
            balance_after=Money.rounded(opening.amount + moved, unit),
        )
        for entry_id, _line, account_id, side, amount, moved in found[:size]
    ]
    end = found[size - 1] if len(found) > size else None
    return rows, end and Place(end[0], end[1])


def _sums(account, first, last) -> tuple[Decimal, Decimal, int]:
    if account.is_control:
        lowest, highest = journal.numbers_of(first, last)
        postings = Posting.objects.filter(
            account__control=account, entry_id__gte=lowest, entry_id__lte=highest
        )
    else:
        postings = Posting.objects.filter(account=account, business_date__range=(first, last))
    sums = postings.aggregate(
        debits=Sum("amount", filter=Q(side=Side.DEBIT)),
        credits=Sum("amount", filter=Q(side=Side.CREDIT)),
        count=Count("entry_id"),
    )
    return sums["debits"] or Decimal(0), sums["credits"] or Decimal(0), sums["count"]
