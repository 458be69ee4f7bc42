"""What the night does about late loans: promises, the next day's worklist, and what is over."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from lending.arrears.models import ArrearsTerm, LoanStanding
from lending.collections import promises
from lending.collections.models import CaseStep, CollectionCase, CollectionStep
from lending.collections.states import CaseState, PromiseState, StepState
from lending.loans.models import Loan
from lending.loans.states import LoanState
from lending.repayments import debts
from wekeza.kit.failpoints import failpoint

NEXT = timedelta(days=1)


def to_chase(*, day: date) -> QuerySet[Loan]:
    """This will give the loans about which the close of a date may have to do something."""
    is_late = Q(standing__days_late__gt=0) | Q(instalments__due=day)
    goes_on = Q(collection_cases__state=CaseState.OPEN) | Q(promises__state=PromiseState.OPEN)
    return Loan.objects.filter(Q(state=LoanState.ACTIVE) & is_late | goes_on).distinct()


@transaction.atomic
def chase(*, day: date, first: int, last: int, at: datetime) -> int:
    """
    This will, at the close of `day` and for the loans with an id from `first` to `last`, judge the
    promises, close what is late no more, and put every step of the calendar to which a late loan
    comes on the next day onto the worklist, once: what earlier nights missed too. It gives how many
    rows changed; a second run changes none. Before it the night has collected, and counted days.

    :raises NoSuchTerm: if the terms have a gap.
    """
    late = _late_on_the_next_day(day=day, first=first, last=last)
    changed = promises.judge(day=day, first=first, last=last, late=late, at=at)
    found = CollectionCase.objects.filter(state=CaseState.OPEN, loan__pk__range=(first, last))
    cases = {row.loan_id: row for row in found.select_for_update().order_by("pk")}
    changed += _close([row for loan, row in cases.items() if loan not in late], day=day, at=at)
    changed += _put(late, cases, day=day)
    failpoint("collections.chased")
    return changed


def _late_on_the_next_day(*, day: date, first: int, last: int) -> dict[int, int]:
    """
    Days past due on the day after `day`, by loan. A standing counts from due dates before the day
    that closes: what was due on that day itself is late tomorrow, and is looked at by its debt.
    """
    ours = {"loan__pk__range": (first, last), "loan__state": LoanState.ACTIVE}
    standings = LoanStanding.objects.filter(days_late__gt=0, **ours)
    late = {loan: days + 1 for loan, days in standings.values_list("loan", "days_late")}
    least = ArrearsTerm.numbers_on(day)[ArrearsTerm.Kind.LEAST_OVERDUE]
    due_now = Loan.objects.filter(
        pk__range=(first, last), state=LoanState.ACTIVE, instalments__due=day
    )
    for loan in due_now.exclude(pk__in=late).order_by("pk").distinct():
        debt = debts.of(loan, on=day + NEXT)
        overdue = sum((due.total for due in debt.late), debts.NOTHING)
        if overdue.amount >= least:
            late[loan.pk] = debt.days_late
    return late


def _close(cases: list[CollectionCase], *, day: date, at: datetime) -> int:
    over = CollectionCase.objects.filter(pk__in=[row.pk for row in cases])
    steps = CaseStep.objects.filter(case__in=over, state=StepState.WAITING)
    dropped = steps.update(state=StepState.DROPPED, ended_at=at, updated_at=at)
    return dropped + over.update(state=CaseState.CLOSED, closed_date=day, updated_at=at)


def _put(late: dict[int, int], cases: dict[int, CollectionCase], *, day: date) -> int:
    new = [
        CollectionCase(loan_id=loan, opened_date=day) for loan in sorted(late) if loan not in cases
    ]
    CollectionCase.objects.bulk_create(new)
    going = {row.loan_id: row for row in (*cases.values(), *new) if row.loan_id in late}
    there = set(CaseStep.objects.filter(case__in=going.values()).values_list("case", "code"))
    calendar = CollectionStep.days_on(day + NEXT)
    steps = [
        CaseStep(case=case, code=code, day=day + NEXT)
        for loan, case in going.items()
        for code, from_days in calendar.items()
        if from_days <= late[loan] and (case.pk, code) not in there
    ]
    CaseStep.objects.bulk_create(steps)
    return len(new) + len(steps)
