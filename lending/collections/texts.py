"""What the bank itself texts about late loans, in lawful hours, each once."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from accounts.customers.models import Customer
from accounts.notifications import operations as notifications
from ledger.calendar import queries as calendar
from lending.collections import promises, queries
from lending.collections.models import (
    Act,
    CaseStep,
    CollectionCase,
    CollectionContact,
    LoanPromise,
)
from lending.collections.states import CaseState, PromiseState, StepState
from lending.reminders import hours
from lending.repayments import debts
from wekeza.kit.actor import SYSTEM

Contact = CollectionContact


def send(*, at: datetime) -> int:
    """
    This will text those whose promise was broken, and those whose loan has come to the text of the
    calendar, if `at` is in lawful hours, and give how many were texted. Nobody is contacted more
    often in a day than the terms allow: who was, hears tomorrow. Each is a transaction of its own;
    a second run, or a second worker, texts nobody again.
    """
    if not hours.lawful_at(at).has(at):
        return 0
    is_late = {"loan__collection_cases__state": CaseState.OPEN}
    broken = LoanPromise.objects.filter(state=PromiseState.BROKEN, told_at=None, **is_late)
    steps = CaseStep.objects.filter(
        code=Act.TEXT, state=StepState.WAITING, case__state=CaseState.OPEN
    ).exclude(case__loan__promises__state=PromiseState.OPEN)
    return sum(
        _once_for(pk, customer=customer, text=text, at=at)
        for rows, owner, text in (
            (broken, "loan__customer", _tell_of_broken),
            (steps, "case__loan__customer", _text_step),
        )
        for pk, customer in list(rows.order_by("pk").distinct().values_list("pk", owner))
    )


@transaction.atomic
def _once_for(pk: int, *, customer: int, text: Callable[..., bool], at: datetime) -> bool:
    # Whoever contacts a customer holds their row, so that contacts are counted one by one.
    who = Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer)
    return not queries.contacted_enough(who, at=at) and text(pk, at=at)


def _tell_of_broken(pk: int, *, at: datetime) -> bool:
    row = LoanPromise.objects.select_related("loan__customer__user").get(pk=pk)
    case = queries.open_case_of(row.loan)
    if row.told_at is not None or case is None or not _is_late(case, at=at):
        return False  # Told by another worker, or paid meanwhile.
    row.told_at = at
    row.save(update_fields=["told_at", "updated_at"])
    promises.tell(row, "BROKEN")
    _keep(case, step=None, note="The promise was not kept", at=at)
    return True


def _text_step(pk: int, *, at: datetime) -> bool:
    step = CaseStep.objects.select_related("case__loan__customer__user").get(pk=pk)
    case = step.case
    if step.state != StepState.WAITING or not _is_late(case, at=at):
        return False
    ended = {"state": StepState.DONE, "ended_at": at, "updated_at": at}
    if not CaseStep.objects.filter(pk=pk, state=StepState.WAITING).update(**ended):
        return False  # A night dropped it a moment ago.
    debt = debts.of(case.loan, on=calendar.nairobi_date(at))
    context = {
        "kind": "LATE",
        "number": case.loan.number,
        "owed": str(debt.asked_by_now),
        "day": debt.late[0].date,
    }
    user = case.loan.customer.user
    notifications.queue(user=user, channel="SMS", kind="loan_due", context=context)
    _keep(case, step=step, note="", at=at)
    return True


def _is_late(case: CollectionCase, *, at: datetime) -> bool:
    """What is paid by day is late no more, although only the night closes the case."""
    return case.loan.is_active and debts.of(case.loan, on=calendar.nairobi_date(at)).is_late


def _keep(case: CollectionCase, *, step: CaseStep | None, note: str, at: datetime) -> None:
    Contact.objects.create(
        case=case, customer=case.loan.customer, step=step, channel=Contact.Channel.TEXT,
        outcome=Contact.Outcome.SENT, note=note, made_by=str(SYSTEM), contacted_at=at,
        day=calendar.nairobi_date(at),
    )  # fmt: skip
