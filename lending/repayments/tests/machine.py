"""
Random lives of loans against a bank in memory: money comes in and is paid on them, by the customer
or by the night; nights come on time, twice, or not at all; loans get late, turn bad and are paid
off. The other bank works each night out anew, in fractions, by kenya.md 4.3, 4.5 and 4.9.

A kind of loan is one row of KINDS.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import hypothesis
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.factories import actor_of
from ledger.calendar import operations as calendar_operations
from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.chart.models import Balance
from ledger.factories import put_in
from ledger.money import kes
from lending.arrears import operations as arrears
from lending.arrears.models import LoanStanding
from lending.arrears.tests.steps import lend
from lending.earnings import operations as earnings
from lending.factories import account_of
from lending.repayments import debts
from lending.repayments import operations as repayments
from wekeza.kit.actor import SYSTEM

CENT, NOTHING = Fraction(1, 100), Fraction(0)
BAD_DAYS, LEAST_OVERDUE = 91, Fraction(100)  # kenya.md 4.1.
LINES = ("1330", "1335", "2360", "4010", "4020")
WHICH = st.integers(0, 1)
MISSED = st.sampled_from([0, 1, 4, 27, 33, 92])  # Days, before a date is closed again.
PERCENT = st.sampled_from([1, 10, 40, 100])  # Of what is owed.

fired = Counter()  # What happened in all lives, so that a test can see that nothing is left out.


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


KINDS = [
    Kind("DIGI30", "5000", 30, "5", Fraction(25, 10_000), most_days=30),
    Kind("SALA", "6000", 3, "15", Fraction(6, 100) / 365),
]


def half_up(amount: Fraction) -> Fraction:
    """To the cent, a half away from nothing, as PostgreSQL rounds numerics."""
    doubled = amount / CENT * 2 + 1
    return doubled.numerator // doubled.denominator // 2 * CENT


@dataclass
class Instalment:
    """What a due date takes, and what of it is not paid."""

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

    def earned(self, days: int) -> Fraction:
        """Its interest, evenly over its days."""
        length = (self.until - self.since).days
        return self.interest * min(max(days, 0), length) / length


@dataclass
class Life:
    """What the bank in memory knows of a loan: `interest` is all that was ever earned of it."""

    kind: Kind
    rows: list[Instalment]
    cash: Fraction = NOTHING
    interest: Fraction = NOTHING
    interest_paid: Fraction = NOTHING
    penalty: Fraction = NOTHING
    penalty_left: Fraction = NOTHING
    ceiling: Fraction | None = None  # Of a loan that performs no more: what was owed of it then.
    most_unpaid: Fraction = NOTHING

    @property
    def principal(self) -> Fraction:
        return sum((row.principal_left for row in self.rows), NOTHING)

    @property
    def owed(self) -> Fraction:
        return sum((row.left for row in self.rows), self.penalty_left)

    @property
    def unpaid(self) -> Fraction:
        """What was earned and is not paid."""
        return self.interest - self.interest_paid + self.penalty_left

    def asked(self, day: date) -> Fraction:
        return sum((row.left for row in self.rows if row.due <= day), self.penalty_left)

    def pay(self, amount: Fraction, day: date) -> dict[tuple[str, int], Fraction]:
        """Penalties, overdue interest, overdue principal, then the rest in the same order."""
        shares, left = {}, amount
        taken = shares["PENALTY", 0] = min(left, self.penalty_left)
        self.penalty_left -= taken
        left -= taken
        for is_asked in (True, False):
            for part in ("interest", "principal"):
                for number, row in enumerate(self.rows, 1):
                    if (row.due <= day) == is_asked:
                        owed = getattr(row, f"{part}_left")
                        taken = shares[part.upper(), number] = min(left, owed)
                        setattr(row, f"{part}_left", owed - taken)
                        left -= taken
        of_interest = sum(sum_ for (part, _), sum_ in shares.items() if part == "INTEREST")
        self.interest_paid += of_interest
        self.interest = max(self.interest, self.interest_paid)  # Paid ahead is earned at once.
        self.cash -= amount
        return {share: sum_ for share, sum_ in shares.items() if sum_}

    def days_late(self, day: date) -> int:
        late = [row for row in self.rows if row.due < day and row.left]
        if sum((row.left for row in late), NOTHING) < LEAST_OVERDUE:
            return 0
        return (day - late[0].due).days

    def earn(self, day: date) -> None:
        """A night: all interest until its end; of a bad loan a day's, and no more than the law."""
        by_now, by_yesterday = (
            half_up(sum((row.earned((day - row.since).days + more) for row in self.rows), NOTHING))
            for more in (1, 0)
        )
        amount = by_now - self.interest
        if self.ceiling is not None:
            amount = min(amount, by_now - by_yesterday, self.ceiling - self.unpaid)
        self.interest += max(amount, NOTHING)
        first, last = self.kind.grace, self.kind.grace + self.kind.most_days
        overdue = (row.principal_left for row in self.rows if first < (day - row.due).days <= last)
        amount = half_up(sum(overdue, NOTHING) * self.kind.penalty)
        if self.ceiling is not None:
            amount = min(amount, self.ceiling - self.unpaid)
        self.penalty += max(amount, NOTHING)
        self.penalty_left += max(amount, NOTHING)


class Lives(RuleBasedStateMachine):
    """Two people with a loan each, and days that pass; the two banks are compared all the time."""

    @initialize(kinds=st.tuples(st.sampled_from(KINDS), st.sampled_from(KINDS)))
    def lend(self, kinds):
        self._open_the_next()  # What an earlier life left of its date is not this one's.
        self.before = lines()
        self.loans = [
            lend(product=one.product, amount=one.amount, tenor=one.tenor, percent=one.percent)
            for one in kinds
        ]
        self.lives = [Life(*both) for both in zip(kinds, map(schedule, self.loans), strict=True)]
        fired.update(kind.product for kind in kinds)

    @rule(which=WHICH, cents=st.integers(1, 400_000))
    def get_money(self, which, cents):
        put_in(self._account(which), Decimal(cents).scaleb(-2), at=self._noon())
        self.lives[which].cash += cents * CENT

    @rule(which=WHICH, percent=PERCENT)
    def pay(self, which, percent):
        loan, life = self.loans[which], self.lives[which]
        if not life.owed:
            return
        day = calendar.business_date()
        amount = max(half_up(life.owed * percent / 100), CENT)
        put_in(self._account(which), money(amount), at=self._noon())
        life.cash += amount
        paid = repayments.repay(
            loan, money=kes(str(money(amount))), reference=f"{day} {loan.repayments.count()}",
            at=self._noon(), actor=actor_of(loan.customer),
        )  # fmt: skip
        assert shares_of(paid) == life.pay(amount, day)
        fired["paid off" if not life.owed else "paid in part"] += 1

    @rule(missed=MISSED, nights=st.integers(1, 2), times=st.integers(1, 2))
    def pass_nights(self, missed, nights, times):
        """Some dates nobody closes: the night that comes makes interest up, and no penalty."""
        for _ in range(missed):
            self._open_the_next()
        for _ in range(nights):
            day = calendar.business_date()
            for _ in range(times):  # The second run must find nothing to do.
                self._night(day)
            for loan, life in zip(self.loans, self.lives, strict=True):
                self._told(loan, life, day)
            self._open_the_next()
        fired["missed" if missed else "closed"] += 1

    @invariant()
    def banks_agree(self):
        """What both banks say of each loan and of the lines of the books."""
        for loan, life in zip(self.loans, self.lives, strict=True):
            loan.refresh_from_db()
            assert standing(loan.ledger_account_id) == life.principal
            assert standing(self._account_id(loan)) == life.cash
            assert fraction(debts.of(loan, on=calendar.business_date()).total) == life.owed
            assert loan.is_paid == (not life.owed)
            assert earned(loan, "INTEREST") + ahead(loan) == life.interest
            assert earned(loan, "PENALTY") == life.penalty
            assert life.interest <= sum(row.interest for row in life.rows)
            if life.ceiling is not None:
                assert life.unpaid <= max(life.ceiling, life.most_unpaid)
        found = {code: now - self.before[code] for code, now in lines().items()}
        assert found == self._wanted()

    def _wanted(self) -> dict[str, Fraction]:
        """What stands on the lines: owed, and income unless the loan performs no more."""
        lives = self.lives
        bad = [life for life in lives if life.ceiling is not None]
        kept = {
            "4010": sum((life.interest - life.interest_paid for life in bad), NOTHING),
            "4020": sum((life.penalty_left for life in bad), NOTHING),
        }
        return {
            "1330": sum((life.interest - life.interest_paid for life in lives), NOTHING),
            "1335": sum((life.penalty_left for life in lives), NOTHING),
            "2360": sum(kept.values(), NOTHING),
            "4010": sum((life.interest for life in lives), NOTHING) - kept["4010"],
            "4020": sum((life.penalty for life in lives), NOTHING) - kept["4020"],
        }

    def _night(self, day: date) -> None:
        """What the close of a date does with loans, in its order, of these two alone."""
        at = calendar.ends_at(day)
        ids = [loan.pk for loan in self.loans]
        mine = {"first": min(ids), "last": max(ids)}
        customers = [loan.customer_id for loan in self.loans]
        repayments.sweep(day=day, at=at, **mine)
        arrears.count_days(day=day, at=at, **mine)
        arrears.classify(
            day=day, at=at, actor=SYSTEM, first=min(customers), last=max(customers)
        )  # fmt: skip
        earnings.earn(day=day, **mine)
        earnings.book(day=day, actor=SYSTEM, at=at)

    def _told(self, loan, life: Life, day: date) -> None:
        """The same night in the bank in memory."""
        if amount := min(life.asked(day), life.cash):
            life.pay(amount, day)
            fired["collected"] += 1
        row = LoanStanding.objects.filter(loan=loan).first()
        late = life.days_late(day)
        assert (row.days_late if row else 0) == late
        is_bad = row is not None and row.npl_since is not None
        # It turns at once; good again it is after months of clean days, or when it is paid.
        assert is_bad or late < BAD_DAYS
        assert not is_bad or late >= BAD_DAYS or life.ceiling is not None
        assert not is_bad or life.owed
        if is_bad and life.ceiling is None:
            life.ceiling, life.most_unpaid = life.principal, life.unpaid
            assert Fraction(row.npl_principal) == life.ceiling
            fired["turned bad"] += 1
        if not is_bad:
            life.ceiling = None
        if life.owed:
            life.earn(day)

    def _open_the_next(self):
        calendar_operations.roll(from_date=calendar.business_date(), actor=SYSTEM)

    def _account(self, which):
        return account_of(self.loans[which].customer).ledger_account

    def _account_id(self, loan):
        return loan.account.ledger_account_id

    def _noon(self):
        return calendar.ends_at(calendar.business_date()) - timedelta(hours=12)


def schedule(loan) -> list[Instalment]:
    """What a loan's due dates take; how they are worked out is shown in lending/schedules."""
    rows, since = [], loan.start_date
    for row in loan.instalments.order_by("number"):
        interest, principal = Fraction(row.interest), Fraction(row.principal)
        rows.append(
            Instalment(since, row.contractual, row.due, interest, principal, interest, principal)
        )
        since = row.contractual
    return rows


def lines() -> dict[str, Fraction]:
    """How the lines of loans stand in the books."""
    rows = Balance.objects.filter(account__code__in=LINES).values("account__code")
    found = {row["account__code"]: row["total"] for row in rows.annotate(total=Sum("balance"))}
    return {code: Fraction(found.get(code, 0)) for code in LINES}


def shares_of(payment) -> dict[tuple[str, int], Fraction]:
    """What of a payment paid which part of which instalment, as the bank keeps it."""
    return {
        (row.part, row.instalment.number if row.instalment else 0): Fraction(row.amount)
        for row in payment.allocations.select_related("instalment")
    }


def earned(loan, part: str) -> Fraction:
    total = loan.earnings.filter(part=part).aggregate(total=Sum("amount"))["total"]
    return Fraction(total or 0)


def ahead(loan) -> Fraction:
    return Fraction(loan.repayments.aggregate(total=Sum("unearned"))["total"] or 0)


def standing(account_id: int) -> Fraction:
    return Fraction(chart.standing(account_id).balance)


def fraction(amount) -> Fraction:
    return Fraction(amount.amount)


def money(amount: Fraction) -> Decimal:
    return Decimal(int(amount / CENT)).scaleb(-2)


def tell(*, runs: int, steps: int, seed: int | None = None) -> None:
    """
    This will tell `runs` lives of at most `steps` deeds, those that follow from the seed, or
    without one always the same.

    :raises AssertionError: if the banks disagree; Hypothesis then shows the shortest life.
    """
    lives = type("SeededLives", (Lives,), {})
    run_state_machine_as_test(
        lives if seed is None else hypothesis.seed(seed)(lives),
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            derandomize=seed is None,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
