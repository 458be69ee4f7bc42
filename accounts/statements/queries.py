"""
The transactions of a deposit account as its holder reads them, and statements of a period.

A transaction is one posting on the account with the entry it belongs to. Rows go by business date
and sequence, which never go backwards within an account, so one index serves every page.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.deposits import queries as deposit_queries
from accounts.deposits.queries import Holding
from accounts.statements.kinds import Kind, kind_of, named_like
from ledger.journal.models import Posting
from ledger.money import Money
from wekeza.kit import receipts
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal

PAGE = 25
STATEMENT_PAGE = 100  # More would be over the weight of a page; the files hold them all.


class NoSuchTransaction(Refusal):
    code = "no_such_transaction"
    status = 404
    text = _("There is no such transaction of yours.")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in an account's transactions: the business date and the sequence of one row."""

    business_date: date
    sequence: int

    def __str__(self):
        return f"{self.business_date:%Y%m%d}-{self.sequence}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """This will read a cursor out of an address; anything else is no cursor."""
        day, _dash, sequence = text.partition("-")
        if not (day.isascii() and day.isdigit() and len(day) == 8):
            return None
        if not (sequence.isascii() and sequence.isdigit() and len(sequence) <= 18):
            return None
        try:
            return cls(date(int(day[:4]), int(day[4:6]), int(day[6:])), int(sequence))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Filters:
    """What to show: words, direction ("in", "out" or both), business dates and amounts."""

    words: str = ""
    direction: str = ""
    from_date: date | None = None
    to_date: date | None = None
    least: Money | None = None
    most: Money | None = None

    @property
    def is_set(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Transaction:
    """
    One movement on one account (LG03, LG19): `kind` is its type for the customer, `reference` the
    receipt number, `status` POSTED, or REVERSED when a mirror entry took it back.
    """

    id: int
    account: str
    kind: Kind
    money: Money
    direction: str
    at: datetime
    business_date: date
    value_date: date
    sequence: int
    balance_after: Money
    reference: str
    reason: str
    other_party: str
    is_reversed: bool

    @property
    def status(self) -> str:
        return "REVERSED" if self.is_reversed else "POSTED"

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.business_date, self.sequence)

    @property
    def who(self) -> str:
        """The other person, or what the bank itself did."""
        return self.other_party or str(self.kind.label)


@dataclass(frozen=True, slots=True)
class Page:
    """Some transactions, the newest first, and where the older ones begin."""

    rows: list[Transaction] = field(default_factory=list)
    older: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """
    One account over a span of business dates, first and last included: opening balance + money in
    − money out = closing balance. `rows` are the first of them, the oldest first; `more` is where
    the rest begins.
    """

    holding: Holding
    from_date: date
    to_date: date
    opening: Money
    closing: Money
    money_in: Money
    money_out: Money
    count_in: int
    count_out: int
    rows: list[Transaction]
    more: Cursor | None = None

    @property
    def count(self) -> int:
        return self.count_in + self.count_out


def latest(holding: Holding, *, most: int = 5) -> list[Transaction]:
    """This will give the newest transactions of an account, in one query."""
    return _transactions(holding, _newest_first(_postings(holding))[:most])


def largest_out(holding: Holding, *, after: datetime) -> tuple[Transaction | None, int]:
    """
    This will give the largest sum that went out of an account after a moment and was not taken
    back, and how many such sums there were in all.
    """
    out = (
        _postings(holding)
        .filter(entry__at__gt=after, entry__reversed_by=None)
        .exclude(side=_side_in(holding))
        .annotate(in_all=Window(Count("sequence")))
    )
    row = out.order_by("-amount", "-business_date", "-sequence").first()
    return (_transaction(holding, row), row.in_all) if row else (None, 0)


def page_of(
    holding: Holding, *, filters: Filters, before: Cursor | None = None, size: int = PAGE
) -> Page:
    """
    This will give a page of an account's transactions, the newest first, in one query.

    Words are looked for in the other party's name, the reason and the receipt number.
    """
    postings = _filtered(_postings(holding), filters, holding)
    if before is not None:
        postings = postings.filter(
            Q(business_date__lt=before.business_date)
            | Q(business_date=before.business_date, sequence__lt=before.sequence),
            business_date__lte=before.business_date,
        )
    rows = _transactions(holding, _newest_first(postings)[: size + 1])
    if len(rows) <= size:
        return Page(rows)
    return Page(rows[:size], older=rows[size - 1].cursor)


def one_of(holding: Holding, *, cursor: Cursor) -> Transaction:
    """
    This will give one transaction of an account by its place in it.

    :raises NoSuchTransaction: if there is none.
    """
    place = {"business_date": cursor.business_date, "sequence": cursor.sequence}
    rows = _transactions(holding, _postings(holding).filter(**place))
    if not rows:
        raise NoSuchTransaction
    return rows[0]


def place_of(holding: Holding, *, entry: int, business_date: date) -> Cursor | None:
    """This will give the place of an entry of a business date in an account's transactions."""
    sequence = (
        Posting.objects.filter(
            account_id=holding.account.ledger_account_id,
            shard=0,
            business_date=business_date,
            entry_id=entry,
        )
        .values_list("sequence", flat=True)
        .first()
    )
    return None if sequence is None else Cursor(business_date, sequence)


def statement_of(
    holding: Holding,
    *,
    from_date: date,
    to_date: date,
    after: Cursor | None = None,
    size: int = STATEMENT_PAGE,
) -> Statement:
    """
    This will give a statement over a span of business dates, both included.

    The balances and totals are those of the whole span, however many rows are shown.
    """
    span = _postings(holding).filter(business_date__range=(from_date, to_date))
    into = Q(side=_side_in(holding))
    sums = span.aggregate(
        money_in=Sum("amount", filter=into, default=Decimal(0)),
        money_out=Sum("amount", filter=~into, default=Decimal(0)),
        count_in=Count("sequence", filter=into),
        count_out=Count("sequence", filter=~into),
    )
    opening = _balance_before(holding, from_date)
    money_in, money_out = _money(holding, sums["money_in"]), _money(holding, sums["money_out"])
    shown = span
    if after is not None:
        shown = span.filter(
            Q(business_date__gt=after.business_date)
            | Q(business_date=after.business_date, sequence__gt=after.sequence)
        )
    rows = _transactions(holding, shown.order_by("business_date", "sequence")[: size + 1])
    return Statement(
        holding=holding,
        from_date=from_date,
        to_date=to_date,
        opening=opening,
        closing=opening + money_in - money_out,
        money_in=money_in,
        money_out=money_out,
        count_in=sums["count_in"],
        count_out=sums["count_out"],
        rows=rows[:size],
        more=rows[size - 1].cursor if len(rows) > size else None,
    )


def held_on(customer) -> list[dict]:
    """This will give a customer's accounts with every transaction, for the copy of their data."""
    owner = Actor("CUSTOMER", str(customer.pk))
    return [_held(holding) for holding in deposit_queries.held_by(owner)]


def _held(holding: Holding) -> dict:
    rows = _transactions(holding, _newest_first(_postings(holding)))
    return {
        "number": holding.number,
        "product": holding.name,
        "status": holding.status,
        "balance": holding.balance,
        "opened": holding.account.opened_date,
        "transactions": [
            {
                "when": row.at,
                "kind": row.kind.label,
                "direction": row.direction,
                "amount": row.money,
                "other_party": row.other_party,
                "reason": row.reason,
                "reference": row.reference,
                "balance_after": row.balance_after,
            }
            for row in rows
        ],
    }


def _postings(holding: Holding) -> QuerySet[Posting]:
    others = (
        Posting.objects.filter(entry_id=OuterRef("entry_id"))
        .exclude(account_id=OuterRef("account_id"))
        .filter(account__deposit_account__isnull=False)
        .order_by("line")
    )
    holder = "account__deposit_account__"
    name = others.values(
        name=Coalesce(F(f"{holder}business__name"), F(f"{holder}customer__full_name"))
    )[:1]
    return Posting.objects.filter(account_id=holding.account.ledger_account_id, shard=0).annotate(
        entry_kind=F("entry__kind"),
        entry_at=F("entry__at"),
        entry_memo=F("entry__memo"),
        entry_receipt_no=F("entry__receipt_no"),
        entry_value_date=F("entry__value_date"),
        mirror=F("entry__reversed_by"),
        other_party=Subquery(name),
    )


def _newest_first(postings: QuerySet[Posting]) -> QuerySet[Posting]:
    return postings.order_by("-business_date", "-sequence")


def _filtered(postings, filters: Filters, holding: Holding) -> QuerySet[Posting]:
    if filters.direction:
        into = Q(side=_side_in(holding))
        postings = postings.filter(into if filters.direction == "in" else ~into)
    if filters.from_date:
        postings = postings.filter(business_date__gte=filters.from_date)
    if filters.to_date:
        postings = postings.filter(business_date__lte=filters.to_date)
    if filters.least:
        postings = postings.filter(amount__gte=filters.least.amount)
    if filters.most:
        postings = postings.filter(amount__lte=filters.most.amount)
    for word in filters.words.split():
        postings = postings.filter(
            Q(other_party__icontains=word)
            | Q(entry_memo__icontains=word)
            | Q(entry_receipt_no=receipts.normalised(word))
            | Q(entry_kind__in=named_like(word), other_party=None)
        )
    return postings


def _transactions(holding: Holding, postings: Iterable[Posting]) -> list[Transaction]:
    return [_transaction(holding, row) for row in postings]


def _transaction(holding: Holding, row: Posting) -> Transaction:
    kind = kind_of(row.entry_kind, row.entry_memo)
    return Transaction(
        id=row.entry_id,
        account=holding.number,
        kind=kind,
        money=_money(holding, row.amount),
        direction="in" if row.side == _side_in(holding) else "out",
        at=row.entry_at,
        business_date=row.business_date,
        value_date=row.entry_value_date,
        sequence=row.sequence,
        balance_after=_money(holding, row.balance_after),
        reference=row.entry_receipt_no,
        reason=row.entry_memo if kind.keeps_memo else "",
        other_party=row.other_party or "",
        is_reversed=row.mirror is not None,
    )


def _balance_before(holding: Holding, day: date) -> Money:
    last = _newest_first(
        Posting.objects.filter(
            account_id=holding.account.ledger_account_id, shard=0, business_date__lt=day
        )
    ).values_list("balance_after", flat=True)
    return _money(holding, last.first() or Decimal(0))


def _side_in(holding: Holding) -> str:
    """The side on which an account grows: credit for what the bank owes its customer."""
    return holding.account.ledger_account.normal_side


def _money(holding: Holding, amount: Decimal) -> Money:
    return Money.rounded(amount, holding.account.product.currency)
