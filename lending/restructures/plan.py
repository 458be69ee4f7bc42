"""What a loan comes to when it is agreed anew on a day: what was to be paid, and what is then."""

from dataclasses import dataclass
from datetime import date, timedelta

from ledger.calendar import queries as calendar
from ledger.controls import doors
from ledger.money import Money
from lending.repayments.debts import NOTHING, Debt, Due
from lending.restructures.models import Restructure
from lending.schedules.due_dates import DueDate, due_dates
from lending.schedules.instalments import Instalment, Periods, Rate, schedule

YEAR = 366  # Days of a look ahead per year: at least as many as any year has.


@dataclass(frozen=True, slots=True)
class Plan:
    """
    A loan before and after on the business date of its debt. `rows` take the place of all that is
    not paid; the first of them carries the interest that has run. Penalties and the interest of
    days late stay due at once.
    """

    debt: Debt
    rows: list[Instalment]

    @property
    def before(self) -> list[Due]:
        """The instalments that are not paid whole."""
        return [due for due in self.debt.dues if due.total]

    @property
    def after(self) -> list[Instalment]:
        """The payments from now on: what the first row carries is paid with the first of them."""
        carried, first, *rest = self.rows
        whole = Instalment(
            first.number, first.due, first.contractual, first.principal,
            first.interest + carried.interest, first.owed_after,
        )  # fmt: skip
        return [whole, *rest]

    @property
    def last_before(self) -> date:
        return self.before[-1].date

    @property
    def last_after(self) -> date:
        return self.rows[-1].due

    @property
    def due_now(self) -> Money:
        return self.debt.penalty + self.debt.late_interest

    @property
    def interest_before(self) -> Money:
        return sum((due.interest for due in self.debt.dues), NOTHING)

    @property
    def interest_after(self) -> Money:
        return sum((row.interest for row in self.rows), NOTHING)

    @property
    def costs_more(self) -> Money:
        """By how much more interest is paid in the end."""
        return self.interest_after - self.interest_before

    @property
    def figures(self) -> str:
        """The fingerprint of what is shown and signed, whatever the language."""
        return doors.digest_of(
            {
                "loan": self.debt.loan.number,
                "on": self.debt.on.isoformat(),
                "due_now": str(self.due_now),
                "rows": [
                    [row.due.isoformat(), str(row.principal), str(row.interest)]
                    for row in self.rows
                ],
            }
        )


def left_of(debt: Debt) -> int:
    """This will count the payments of a loan that are still to come."""
    return max(len({due.date for due in debt.dues if due.total and due.date > debt.on}), 1)


def of(debt: Debt, *, kind: str, number: int) -> Plan:
    """
    This will work out a loan agreed anew: `number` of its next instalments put off, or all that is
    owed paid in `number` payments. The principal that is late is spread with the rest, at the
    loan's own rate by the days that pass, from the contract's next days on.
    """
    is_put_off = kind == Restructure.Kind.DEFER
    skipped, count = (number, left_of(debt)) if is_put_off else (0, number)
    dates = _dates(debt, skipped=skipped, count=count)
    loan, term = debt.loan, debt.loan.term
    rate = Rate(loan.percent, term.method, Periods.DAYS, term.day_count)
    spread = schedule(debt.principal, start=debt.on, rate=rate, dates=dates)
    first = next_number(debt)
    carried = Instalment(first, dates[0].due, debt.on, NOTHING, debt.interest, debt.principal)
    rows = [
        Instalment(first + row.number, row.due, row.contractual, row.principal, row.interest,
                   row.owed_after)
        for row in spread
    ]  # fmt: skip
    return Plan(debt, [carried, *rows])


def next_number(debt: Debt) -> int:
    """This will give the number that the first instalment of a new version has."""
    if debt.running:
        return debt.running.instalment.number
    return debt.dues[-1].instalment.number + 1


def payments_until(debt: Debt, day: date) -> int:
    """This will count the days of the contract after today, up to a day."""
    return _passed(debt, on=day) - _passed(debt, on=debt.on)


def _dates(debt: Debt, *, skipped: int, count: int) -> list[DueDate]:
    """So many of the contract's days after today, without those that are skipped."""
    loan, passed = debt.loan, _passed(debt, on=debt.on)
    number = passed + skipped + count
    end = loan.start_date + timedelta(days=YEAR * (number // 12 + 1))
    settles = calendar.business_days(loan.start_date, end)
    return _days(debt, number, settles)[passed + skipped :]


def _passed(debt: Debt, *, on: date) -> int:
    """How many days of the contract are over on a day."""
    most = (on - debt.loan.start_date).days // 7 + 1
    return sum(day.contractual <= on for day in _days(debt, most, lambda day: day))


def _days(debt: Debt, number: int, settles) -> list[DueDate]:
    loan = debt.loan
    return due_dates(
        loan.start_date, frequency=loan.term.frequency, number=number, next_business_day=settles
    )
