"""What the collections officer's pages show: the worklist, and all about one late loan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from branch.books.queries import names_of, with_names
from branch.collections.words import ACTS, MINE
from ledger.calendar import queries as calendar
from lending.collections import queries
from lending.collections.models import (
    Act,
    CaseStep,
    CollectionCase,
    CollectionContact,
    LoanPromise,
)
from lending.collections.queries import Bucket
from lending.collections.states import StepState
from lending.repayments import operations as repayments
from lending.repayments.debts import Debt
from lending.repayments.recoveries import Claim
from wekeza.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Row:
    """A late loan on the worklist: what is owed now, what is to do, and in whose hands it is."""

    case: CollectionCase
    debt: Debt | Claim
    bucket: Bucket | None
    todo: list[str]
    promise: LoanPromise | None
    by: str


@dataclass(frozen=True, slots=True)
class File:
    """One late loan as an officer reads it."""

    row: Row
    steps: list[CaseStep]
    contacts: list[CollectionContact]
    promises: list[LoanPromise]
    contacts_today: int
    most_today: int

    @property
    def has_letter_to_write(self) -> bool:
        """The calendar has come to the letter, and nobody wrote it."""
        return any(one.code == Act.LETTER and one.state == StepState.WAITING for one in self.steps)


def chosen(
    rows: QuerySet[CollectionCase], *, bucket: str, hands: str, actor: Actor
) -> QuerySet[CollectionCase]:
    """This will keep the late loans that somebody wants to see."""
    if hands:
        rows = rows.filter(taken_by=str(actor) if hands == MINE else "")
    found = next((one for one in buckets() if one.code == bucket), None)
    if found is not None:
        rows = rows.filter(days__gte=found.first)
        rows = rows.filter(days__lte=found.last) if found.last else rows
    return rows


def buckets() -> list[Bucket]:
    """This will give the buckets of today, the mildest first."""
    return queries.buckets_on(calendar.business_date())


def counts(rows: QuerySet[CollectionCase]) -> list[tuple[Bucket, int]]:
    """This will count late loans by bucket, the mildest first."""
    found = buckets()
    numbers = dict.fromkeys((one.code for one in found), 0)
    by_days = rows.order_by().values_list("days").annotate(number=Count("pk"))
    for days, number in by_days:
        if bucket := queries.bucket_of(days, found):
            numbers[bucket.code] += number
    return [(one, numbers[one.code]) for one in found]


def shown(cases: Iterable[CollectionCase]) -> list[Row]:
    """This will tell of late loans what is owed of each now, and what is to do."""
    cases, today, found = list(cases), calendar.business_date(), buckets()
    names = names_of({case.taken_by for case in cases} - {""}) | {"": ""}
    todo: dict[int, list[str]] = {}
    waiting = CaseStep.objects.filter(case__in=cases, state=StepState.WAITING).order_by("pk")
    for step in waiting:
        todo.setdefault(step.case_id, []).append(ACTS[step.code])
    made = LoanPromise.objects.filter(loan__in=[case.loan_id for case in cases])
    last = {row.loan_id: row for row in made.order_by("pk").prefetch_related("parts")}
    rows = []
    for case in cases:
        debt = repayments.owed_of(case.loan, on=today)
        is_off = case.loan.is_off_books
        bucket = None if is_off else queries.bucket_of(debt.days_late, found)
        promise = with_end(last.get(case.loan_id))
        rows.append(Row(case, debt, bucket, todo.get(case.pk, []), promise, names[case.taken_by]))
    return rows


def file_of(case: CollectionCase, *, at: datetime) -> File:
    """This will gather what there is to see of one late loan."""
    [row] = shown([case])
    steps = list(case.steps.order_by("pk"))
    for step in steps:
        step.label = ACTS[step.code]
    customer = case.loan.customer
    return File(
        row=row,
        steps=steps,
        contacts=with_names(
            list(case.contacts.select_related("letter").order_by("-pk")), "made_by"
        ),
        promises=[with_end(one) for one in queries.promises_on(case.loan)],
        contacts_today=queries.contacts_on(customer, day=calendar.nairobi_date(at)),
        most_today=queries.most_contacts(at=at),
    )


def with_end(promise: LoanPromise | None) -> LoanPromise | None:
    """This will tell a promise its last day, as `until`."""
    if promise is not None:
        promise.until = queries.ends(promise)
    return promise
