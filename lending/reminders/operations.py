"""Texting people of what is due, once for each instalment and moment."""

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.notifications import operations as notifications
from ledger.calendar import queries as calendar
from lending.loans.models import LoanInstalment
from lending.loans.states import LoanState
from lending.reminders import hours
from lending.reminders.models import LoanReminder, ReminderTerm
from lending.repayments import debts
from lending.repayments import operations as repayments

Kind = LoanReminder.Kind


def remind(*, at: datetime) -> int:
    """
    This will text whoever has something due in some days or today, if `at` is in lawful hours, and
    give how many were texted. Each is a transaction of its own; a second run, or a second worker,
    texts nobody again. Who is late hears from `lending/collections`.
    """
    if not hours.lawful_at(at).has(at):
        return 0
    today = calendar.nairobi_date(at)
    before = ReminderTerm.numbers_on(today)[ReminderTerm.Kind.DAYS_BEFORE]
    days = {Kind.SOON: today + timedelta(days=before), Kind.TODAY: today}
    return sum(
        _remind(pk, kind=kind, today=today, at=at)
        for kind, due in days.items()
        for pk in _waiting(kind, due=due)
    )


def _waiting(kind: str, *, due: date) -> list[int]:
    rows = LoanInstalment.standing.filter(due=due, loan__state=LoanState.ACTIVE)
    told = LoanReminder.objects.filter(kind=kind).values("instalment")
    return list(rows.exclude(pk__in=told).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: int, *, kind: str, today: date, at: datetime) -> bool:
    row = LoanInstalment.objects.select_related("loan").get(pk=pk)
    loan = repayments.locked(row.loan)
    debt = debts.of(loan, on=today)
    owed = debt.due_on(row.due)
    parts = [due.instalment for due in debt.dues if due.date == row.due]
    if not owed or LoanReminder.objects.filter(instalment__in=parts, kind=kind).exists():
        return False  # Paid meanwhile, told with another part, or another worker was first.
    LoanReminder.objects.create(instalment=row, kind=kind, told_at=at)
    context = {
        "kind": str(kind),
        "number": loan.number,
        "owed": str(owed),
        "day": row.due,
    }
    notifications.queue(user=loan.customer.user, channel="SMS", kind="loan_due", context=context)
    return True
