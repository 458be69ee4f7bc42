"""The late loans and the promises behind the figures of collections, on pages and in files."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from branch.risk.files import MOST_IN_A_FILE
from ledger.calendar import queries as calendar
from ledger.money import Money
from lending.collections import queries
from lending.collections.models import CollectionCase, LoanPromise
from lending.collections.queries import Bucket

BRANCH = "loan__customer__branch"
ALL = "all"
CASES = [
    "Loan", "Customer", "Product", "Days past due", "Bucket", "Overdue in KES", "Last promise",
    "Last contact", "Late since", "Late until",
]  # fmt: skip
PROMISES = [
    "Made", "Loan", "Customer", "Product", "Promised in KES", "Overdue then in KES", "Last day",
    "State", "Judged on",
]  # fmt: skip


def promises() -> QuerySet[LoanPromise]:
    """This will give every promise to pay, the newest first."""
    rows = LoanPromise.objects.select_related("loan__customer", "loan__product")
    return rows.prefetch_related("parts").order_by("-pk")


def late_now(rows: QuerySet[CollectionCase]) -> QuerySet[CollectionCase]:
    """This will keep the cases of loans that are late now, with what the worklist tells of each."""
    return queries.worklist().filter(pk__in=rows)


def within(bucket: Bucket) -> Q:
    """Cases that so many days past due put into a bucket."""
    inside = Q(days__gte=bucket.first)
    return inside & Q(days__lte=bucket.last) if bucket.last else inside


def chosen(rows: QuerySet[CollectionCase], wanted: dict) -> QuerySet[CollectionCase]:
    """
    This will keep the cases that somebody wants to see, the latest first; what they left empty
    keeps all that are late now.
    """
    today = calendar.business_date()
    if wanted["show"] == ALL:
        found = queries.as_listed(CollectionCase.objects.filter(pk__in=rows))
    else:
        found = late_now(rows)
    for bucket in queries.buckets_on(today):
        if bucket.code == wanted["bucket"]:
            found = found.filter(within(bucket))
    if begun := wanted["begun"]:
        found = found.filter(
            opened_date__gte=begun, opened_date__lt=calendar.months_after(begun, 1)
        )
    if wanted["step"]:
        found = found.filter(steps__code=wanted["step"])
    return found.select_related("loan__standing").order_by("-days", "pk")


def chosen_promises(rows: QuerySet[LoanPromise], wanted: dict) -> QuerySet[LoanPromise]:
    """This will keep the promises of a state, and those made on the days, that somebody chose."""
    if wanted["state"]:
        rows = rows.filter(state=wanted["state"])
    if since := wanted["since"]:
        rows = rows.filter(made_at__gte=calendar.ends_at(since - timedelta(days=1)))
    if until := wanted["until"]:
        rows = rows.filter(made_at__lt=calendar.ends_at(until))
    return rows


def told(rows) -> list[CollectionCase]:
    """This will say of each case its bucket and what is overdue, as long as its loan is late."""
    buckets, found = queries.buckets_on(calendar.business_date()), list(rows)
    for case in found:
        standing = getattr(case.loan, "standing", None)
        case.overdue = standing.overdue_money if standing else Money(Decimal(0), "KES")
        case.bucket = queries.bucket_of(case.days, buckets)
    return found


def case_cells(rows: QuerySet[CollectionCase]) -> Iterator[list]:
    """
    This will write cases, the latest 50,000, as rows of a file. Customers stand there by what names
    their file, not by name.
    """
    for case in told(rows[:MOST_IN_A_FILE]):
        late = [case.days, case.bucket.label if case.bucket else "", case.overdue.amount]
        yield [
            *_loan(case.loan), *(late if case.is_open else [None, "", None]), case.promised or "",
            case.contacted and case.contacted.astimezone(calendar.NAIROBI).date(),
            case.opened_date, case.closed_date,
        ]  # fmt: skip


def promise_cells(rows: QuerySet[LoanPromise]) -> Iterator[list]:
    """This will write promises, the newest 50,000, as rows of a file, customers likewise."""
    for row in rows[:MOST_IN_A_FILE]:
        yield [
            calendar.nairobi_date(row.made_at), *_loan(row.loan), row.money.amount,
            Money.rounded(row.overdue, "KES").amount, queries.ends(row), row.state,
            row.judged_date,
        ]  # fmt: skip


def _loan(loan) -> list[str]:
    return [loan.number, str(loan.customer.public_id), loan.product.name]
