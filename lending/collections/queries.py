"""Looking at late loans: buckets, the worklist, contacts and promises."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_UP, Decimal

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.customers.models import Customer
from ledger.calendar import queries as calendar
from ledger.money import Money
from lending.collections.models import (
    Act,
    CaseStep,
    CollectionBucket,
    CollectionCase,
    CollectionContact,
    CollectionStep,
    CollectionTerm,
    LoanPromise,
)
from lending.collections.states import CaseState, PromiseState, StepState
from lending.loans.models import Loan
from lending.loans.states import LoanState
from lending.reminders.models import LoanReminder
from lending.repayments.debts import Debt

Kind = CollectionTerm.Kind
HUNDRED = Decimal(100)
TOP, MIDDLE, HELD = 0, 1, 2  # Where a case stands on the worklist.


@dataclass(frozen=True, slots=True)
class Bucket:
    """Late loans from so many days past due to so many; `last` is None of the worst one."""

    code: str
    first: int
    last: int | None

    @property
    def label(self) -> str:
        return f"{self.first}–{self.last} days" if self.last else f"More than {self.first - 1} days"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the calendar brings next, and on which day."""

    act: Act
    day: date

    @property
    def label(self) -> str:
        """In the customer's language."""
        return self.act.label


def buckets_on(day: date) -> list[Bucket]:
    """This will give the buckets in force on a day, the mildest first."""
    rows = sorted(CollectionBucket.days_on(day).items(), key=lambda row: row[1])
    ends = [from_days - 1 for _code, from_days in rows[1:]] + [None]
    return [Bucket(code, first, last) for (code, first), last in zip(rows, ends, strict=True)]


def bucket_of(days: int, buckets: list[Bucket]) -> Bucket | None:
    """This will give the bucket of a loan so many days past due; none if it is not late."""
    return next((one for one in reversed(buckets) if one.first <= days), None)


def next_step(debt: Debt) -> NextStep | None:
    """This will give what the calendar brings next for a late loan; None after its last step."""
    steps = CollectionStep.days_on(debt.on).items()
    ahead = [(days, code) for code, days in steps if days > debt.days_late]
    if not ahead:
        return None
    days, code = min(ahead)
    return NextStep(Act(code), debt.late[0].date + timedelta(days=days))


def worklist() -> QuerySet[CollectionCase]:
    """
    This will give the cases of late loans: first where a promise was just broken, last those that a
    promise holds back; among these the latest first.
    """
    # One that was paid today stays on the list until the night, marked so.
    states = (LoanState.ACTIVE, LoanState.PAID)
    rows = CollectionCase.objects.filter(state=CaseState.OPEN, loan__state__in=states)
    return as_listed(rows).order_by("place", "-days", "pk")


def as_listed(cases: QuerySet[CollectionCase]) -> QuerySet[CollectionCase]:
    """
    This will fetch along with each case its `days` past due today, as the last night saw it, the
    state of the last promise on its loan (`promised`), when its customer was last contacted
    (`contacted`), and its `place` on the worklist.
    """
    promises = LoanPromise.objects.filter(loan=OuterRef("loan")).order_by("-pk")
    contacts = CollectionContact.objects.filter(case=OuterRef("pk")).order_by("-pk")
    place = Case(
        When(promised=PromiseState.BROKEN, then=Value(TOP)),
        When(promised=PromiseState.OPEN, then=Value(HELD)),
        default=Value(MIDDLE),
        output_field=IntegerField(),
    )
    rows = cases.annotate(
        promised=Subquery(promises.values("state")[:1]),
        contacted=Subquery(contacts.values("contacted_at")[:1]),
        place=place,
        days=Coalesce("loan__standing__days_late", 0) + 1,
    )
    parts = ("loan__customer", "loan__product")
    return rows.select_related(*parts)


def steps_for_people() -> QuerySet[CaseStep]:
    """This will give the steps that wait for an officer, and that no promise holds back."""
    rows = CaseStep.objects.filter(state=StepState.WAITING, case__state=CaseState.OPEN)
    promised = LoanPromise.objects.filter(state=PromiseState.OPEN, loan=OuterRef("case__loan"))
    return rows.exclude(code=Act.TEXT).exclude(Exists(promised))


def open_case_of(loan: Loan) -> CollectionCase | None:
    """This will give the case of a loan that is late, as the last night saw it."""
    rows = CollectionCase.objects.filter(loan=loan, state=CaseState.OPEN)
    return rows.select_related("loan__customer__user").first()


def promises_on(loan: Loan) -> list[LoanPromise]:
    """This will give the promises on a loan with their parts, the newest first."""
    rows = loan.promises.order_by("-pk").select_related("loan")
    return list(rows.prefetch_related("parts", "loan__repayments"))


def open_promise_of(loan: Loan) -> LoanPromise | None:
    """This will give the promise on a loan that is neither kept nor broken."""
    return loan.promises.filter(state=PromiseState.OPEN).first()


def promises_of(customer: int) -> list[LoanPromise]:
    """This will give all promises of a customer on their own loans, the newest first."""
    rows = LoanPromise.objects.filter(loan__customer=customer, loan__business=None).order_by("-pk")
    return list(rows.select_related("loan").prefetch_related("parts", "loan__repayments"))


def paid_on(promise: LoanPromise, *, until: date) -> Decimal:
    """This will give what was paid on the loan after a promise was made, by a business date."""
    return sum(
        (
            row.amount
            for row in promise.loan.repayments.all()
            if row.paid_at >= promise.made_at and row.value_date <= until
        ),
        Decimal(0),
    )


def ends(promise: LoanPromise) -> date:
    """This will give the last day of a promise."""
    return max(part.due for part in promise.parts.all())


def least_of(overdue: Money, terms) -> Money:
    """This will give the least that may be promised of what is overdue, in whole shillings."""
    part = overdue.amount * terms[Kind.PROMISE_PERCENT] / HUNDRED
    return min(Money(part.quantize(Decimal(1), rounding=ROUND_UP), "KES"), overdue)


def contacts_on(customer: Customer, *, day: date) -> int:
    """This will count how often a customer was contacted on a day in Nairobi, reminders too."""
    reminded = LoanReminder.objects.filter(
        instalment__loan__customer=customer,
        told_at__gte=calendar.ends_at(day - timedelta(days=1)),
        told_at__lt=calendar.ends_at(day),
    )
    return CollectionContact.objects.filter(customer=customer, day=day).count() + reminded.count()


def most_contacts(*, at: datetime) -> int:
    """This will give how often a customer may be contacted on the day of a moment."""
    return CollectionTerm.numbers_on(calendar.nairobi_date(at))[Kind.CONTACTS_A_DAY]


def contacted_enough(customer: Customer, *, at: datetime) -> bool:
    """This will tell whether a customer was contacted as often today as may be."""
    return contacts_on(customer, day=calendar.nairobi_date(at)) >= most_contacts(at=at)


def held_on(customer) -> list[dict]:
    """This will give what the bank keeps of a customer's promises to pay, for their copy."""
    rows = LoanPromise.objects.filter(loan__customer=customer, loan__business=None).order_by("pk")
    return [
        {
            "loan": row.loan.number,
            "amount": str(row.money),
            "when": row.made_at.isoformat(),
            "state": row.state,
            "instalments": [
                {"due": part.due.isoformat(), "amount": f"{part.amount:.2f}"}
                for part in row.parts.order_by("number")
            ],
        }
        for row in rows.select_related("loan")
    ]


def contacts_held_on(customer) -> list[dict]:
    """This will give how the bank contacted a customer about late loans, for their copy."""
    rows = CollectionContact.objects.filter(customer=customer).order_by("pk")
    return [
        {
            "loan": row.case.loan.number,
            "channel": row.channel,
            "result": row.outcome,
            "detail": row.note,
            "when": row.contacted_at.isoformat(),
        }
        for row in rows.select_related("case__loan")
    ]
