"""
Reading the books for the rules. Everything goes by index: entries by number, an account's postings
by their key (account, shard, business date, sequence); no table is read as a whole.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When

from accounts.deposits.models import DepositAccount
from accounts.monitoring.typologies import DormantRevival, History, Movement, Rule
from ledger.calendar import queries as calendar
from ledger.journal.models import Entry, Posting

CURRENCY = "KES"
# Rows are found by business date, spans are counted by the asker's clock: the bank's own date may
# stand still for some days before it follows.
LAG = timedelta(days=7)
CHUNK = 500
Holder = tuple[str, int]  # ("customer" or "business", its id)
KINDS = ("customer", "business")
_HELD_BY = ("customer_id", "business_id")


def histories(
    holders: list[Holder], *, rules: list[Rule], since: date, until: date
) -> Iterator[tuple[Holder, History]]:
    """
    This will give the payments of each customer and business that the rules need to judge those
    from a Nairobi day on (`since`), up to a business date (`until`), and how long each account had
    been quiet before. What was taken back, and its mirror, are left out.
    """
    reach = timedelta(max((rule.reach_days for rule in rules), default=0))
    from_date = since - reach - LAG
    people, businesses = ([pk for one, pk in holders if one == kind] for kind in KINDS)
    theirs = Q(customer__in=people) | Q(business__in=businesses)
    accounts = DepositAccount.objects.filter(theirs, ledger_account__currency=CURRENCY)
    holder = {
        account: _holder(*held_by)
        for account, *held_by in accounts.values_list("ledger_account_id", *_HELD_BY)
    }
    found: dict[Holder, list[Movement]] = defaultdict(list)
    for row in _movements(postings_of(holder, from_date, until)):
        found[holder[row.account_id]].append(row)
    quiet: dict[Holder, dict[int, datetime]] = defaultdict(dict)
    moved = {row.account_id for rows in found.values() for row in rows}
    for rule in rules:
        if isinstance(rule, DormantRevival):
            for account, moment in quiet_since(moved, before=from_date, rule=rule):
                quiet[holder[account]][account] = moment
    for one, rows in found.items():
        yield one, History(_told_own(rows), quiet[one])


def holders_in_chunks() -> Iterator[list[Holder]]:
    """This will give every customer, then every business, that has an account, some at a time."""
    for kind in KINDS:
        column, last = f"{kind}_id", 0
        ids = DepositAccount.objects.order_by(column).values_list(column, flat=True).distinct()
        while chunk := list(ids.filter(**{f"{column}__gt": last})[:CHUNK]):
            yield [(kind, pk) for pk in chunk]
            last = chunk[-1]


def touched(first: int, last: int) -> tuple[dict[Holder, datetime], list[date]]:
    """
    This will give whom the entries of a range concern and when the first of each was asked for, in
    the order of holders; and the business dates that took them, in ascending order.
    """
    rows = Posting.objects.filter(
        entry__gte=first, entry__lte=last, account__deposit_account__isnull=False
    ).values_list(
        *(f"account__deposit_account__{one}" for one in _HELD_BY), "entry__at", "business_date"
    )
    earliest: dict[Holder, datetime] = {}
    for customer, business, at, _day in rows:
        holder = _holder(customer, business)
        earliest[holder] = min(at, earliest.get(holder, at))
    return dict(sorted(earliest.items())), sorted({day for *_, day in rows})


def newest_entry() -> int:
    """This will give the number of the newest entry that is committed, 0 if there is none."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def chunk_end(mark: int, *, most: int, until: int) -> int:
    """This will give the number up to which the next so many entries reach, `until` if fewer."""
    ids = Entry.objects.filter(pk__gt=mark, pk__lte=until).order_by("pk")
    return ids.values_list("pk", flat=True)[most - 1 : most].first() or until


def transactions_in_flight() -> tuple[int, int]:
    """
    This will give the number of the oldest transaction that is not over, and the number that the
    next one will get.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint "
            "FROM pg_current_snapshot() AS s"
        )
        return cursor.fetchone()


def postings_of(accounts, from_date: date, to_date: date) -> QuerySet[Posting]:
    """This will give the postings of some accounts over business dates, both included."""
    return Posting.objects.filter(
        account__in=list(accounts), shard=0, business_date__range=(from_date, to_date)
    )


def quiet_since(accounts, *, before: date, rule: DormantRevival) -> list[tuple[int, datetime]]:
    """
    This will give, for each account, when its holder last moved something before a business date;
    if never, the beginning of the day on which it was opened.
    """
    brought = Q(side=F("account__normal_side"), entry__kind__in=rule.own_in)
    sent = ~Q(side=F("account__normal_side")) & ~Q(entry__kind__in=rule.bank_out)
    last = (
        Posting.objects.filter(brought | sent, shard=0, business_date__lt=before)
        .filter(
            account_id=OuterRef("ledger_account_id"),
            entry__reverses__isnull=True,
            entry__reversed_by__isnull=True,
        )
        .order_by("-business_date", "-sequence")
        .values("entry__at")[:1]
    )
    rows = DepositAccount.objects.filter(ledger_account__in=list(accounts))
    return [
        (account, moment or datetime.combine(opened, time(), calendar.NAIROBI))
        for account, opened, moment in rows.annotate(last=Subquery(last)).values_list(
            "ledger_account_id", "opened_date", "last"
        )
    ]


def _holder(customer: int | None, business: int | None) -> Holder:
    return ("customer", customer) if business is None else ("business", business)


def _movements(postings: QuerySet[Posting]) -> list[Movement]:
    """What each entry did to each account, its lines on one side added up."""
    rows = (
        postings.filter(entry__reverses__isnull=True, entry__reversed_by__isnull=True)
        .annotate(
            way=Case(When(side=F("account__normal_side"), then=Value("in")), default=Value("out"))
        )
        .values_list("entry_id", "account_id", "entry__at", "way", "entry__kind", "amount")
    )
    sums: dict[tuple, Decimal] = defaultdict(Decimal)
    for *facts, amount in rows:
        sums[tuple(facts)] += amount
    return [
        Movement(entry, account, at, way, amount, kind)
        for (entry, account, at, way, kind), amount in sums.items()
    ]


def _told_own(rows: list[Movement]) -> list[Movement]:
    """Say of each movement whether its entry only moved money between the holder's own accounts."""
    ways: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        ways[row.entry_id].add(row.direction)
    return [row.as_own() if len(ways[row.entry_id]) == 2 else row for row in rows]
