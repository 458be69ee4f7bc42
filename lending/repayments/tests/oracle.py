"""
A bank in memory that has loans: what is owed, asked for, paid and earned, in fractions, by kenya.md
4.1, 4.3, 4.5 and 4.9. It has no code in common with the bank.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

CENT, MILLIONTH, NOTHING = Fraction(1, 100), Fraction(1, 10**6), Fraction(0)
LEAST_OVERDUE = Fraction(100)


@dataclass(frozen=True)
class Kind:
    """What is lent, and what a day of lateness costs: kenya.md 4.5."""

    product: str
    amount: str
    tenor: int
    percent: str
    penalty: Fraction  # Of overdue principal, a day.
    grace: int = 3
    most_days: int = 10**6
    is_reducing: bool = False  # Interest is on what is still owed.

    @property
    def late(self) -> Fraction:
        """What principal costs that its day did not bring, a day."""
        return Fraction(self.percent) / 36_500 if self.is_reducing else NOTHING


def half_up(amount: Fraction, coin: Fraction = CENT) -> Fraction:
    """To the cent, a half away from nothing, as PostgreSQL rounds numerics."""
    doubled = amount / coin * 2 + 1
    return doubled.numerator // doubled.denominator // 2 * coin


@dataclass
class Instalment:
    """What a due date takes, and what of it is not paid."""

    number: int
    since: date
    until: date
    due: date
    interest: Fraction
    principal: Fraction
    interest_left: Fraction
    principal_left: Fraction

    @property
    def left(self) -> Fraction:
        return self.interest_left + self.principal_left

    def run(self, day: date) -> Fraction:
        """What of its interest has run by the start of a day: evenly over its days."""
        days, length = (day - self.since).days, (self.until - self.since).days or 1
        return self.interest * min(max(days, 0), length) / length


@dataclass
class ByDays:
    """What late days cost: six places are kept, and what is left of a cent comes later."""

    total: Fraction = NOTHING
    left: Fraction = NOTHING
    carried: Fraction = NOTHING

    def add(self, cost: Fraction, room: Fraction | None) -> None:
        exact = half_up(cost, MILLIONTH)
        if not exact or (room is not None and room <= 0):
            return
        amount = half_up(exact + self.carried)
        self.carried += exact - amount
        amount = amount if room is None else min(amount, room)
        self.total += amount
        self.left += amount


@dataclass
class Life:
    """What the bank in memory knows of a loan: `interest` is all that was ever earned of it."""

    kind: Kind
    rows: list[Instalment]
    cash: Fraction = NOTHING
    interest: Fraction = NOTHING
    interest_paid: Fraction = NOTHING
    late: ByDays = field(default_factory=ByDays)
    penalty: ByDays = field(default_factory=ByDays)
    ceiling: Fraction | None = None  # Of a loan that performs no more: what was owed of it then.
    most_unpaid: Fraction = NOTHING

    @property
    def principal(self) -> Fraction:
        return sum((row.principal_left for row in self.rows), NOTHING)

    @property
    def interest_owed(self) -> Fraction:
        """What was earned of interest and is not paid."""
        return self.interest - self.interest_paid + self.late.left

    @property
    def unpaid(self) -> Fraction:
        return self.interest_owed + self.penalty.left

    @property
    def room(self) -> Fraction | None:
        """By how much that may grow (section 44A)."""
        return None if self.ceiling is None else self.ceiling - self.unpaid

    def running(self, day: date) -> Instalment | None:
        """The instalment whose interest counts by its days, where it is on what is still owed."""
        rows = (row for row in self.rows if row.until > day)
        return next(rows, None) if self.kind.is_reducing else None

    def order(self, day: date) -> list[tuple[str, int, Fraction]]:
        """What is owed on a day, in the order in which it is paid."""
        running = self.running(day)
        billed = self.rows[: self.rows.index(running)] if running else self.rows
        most = None
        if self.ceiling is not None:
            most = max(self.ceiling - self.penalty.left - self.late.left, NOTHING)
        interest = {}
        for row in billed:
            interest[row.number] = (
                row.interest_left if most is None else min(row.interest_left, most)
            )
            most = None if most is None else most - interest[row.number]
        found = [("PENALTY", 0, self.penalty.left), ("LATE", 0, self.late.left)]
        for is_asked in (True, False):
            rows = [row for row in billed if (row.due <= day) == is_asked]
            found += [("INTEREST", row.number, interest[row.number]) for row in rows]
            found += [("PRINCIPAL", row.number, row.principal_left) for row in rows]
        if running:
            whole = sum((row.interest for row in billed), NOTHING)
            accrued = half_up(max(running.run(day), self.interest - whole))
            accrued = min(accrued, running.interest_left)
            rest = sum((row.principal_left for row in self.rows if row not in billed), NOTHING)
            found.append(
                ("INTEREST", running.number, accrued if most is None else min(accrued, most))
            )
            found.append(("PRINCIPAL", running.number, rest))
        return found

    def owed(self, day: date) -> Fraction:
        return sum((amount for _, _, amount in self.order(day)), NOTHING)

    def asked(self, day: date) -> Fraction:
        """What a night collects."""
        numbers = {row.number for row in self.rows if row.due <= day} | {0}
        return sum((amount for _, one, amount in self.order(day) if one in numbers), NOTHING)

    def pay(self, amount: Fraction, day: date) -> dict[tuple[str, int], Fraction]:
        """A payment; the rows are read anew afterwards."""
        shares, left = {}, amount
        for part, number, owed in self.order(day):
            if taken := min(left, owed):
                shares[part, number] = taken
                left -= taken
        self.penalty.left -= shares.get(("PENALTY", 0), NOTHING)
        self.late.left -= shares.get(("LATE", 0), NOTHING)
        self.interest_paid += sum(one for (part, _), one in shares.items() if part == "INTEREST")
        self.interest = max(self.interest, self.interest_paid)  # Paid ahead is earned at once.
        self.cash -= amount
        return shares

    def days_late(self, day: date) -> int:
        late = [row for row in self.rows if row.due < day and row.left]
        if sum((row.left for row in late), NOTHING) < LEAST_OVERDUE:
            return 0
        return (day - late[0].due).days

    def earn(self, day: date) -> None:
        """A night: all interest until its end; of a bad loan a day's, and no more than the law."""
        by_now, by_yesterday = (
            half_up(sum((row.run(day + timedelta(days=more)) for row in self.rows), NOTHING))
            for more in (1, 0)
        )
        amount = by_now - self.interest
        if self.room is not None:
            amount = min(amount, by_now - by_yesterday, self.room)
        self.interest += max(amount, NOTHING)
        due = sum((row.principal_left for row in self.rows if row.due <= day), NOTHING)
        self.late.add(due * self.kind.late, self.room)
        first, last = self.kind.grace, self.kind.grace + self.kind.most_days
        overdue = (row.principal_left for row in self.rows if first < (day - row.due).days <= last)
        self.penalty.add(sum(overdue, NOTHING) * self.kind.penalty, self.room)
