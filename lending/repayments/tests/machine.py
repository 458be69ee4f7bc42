"""
Random lives of loans against a bank in memory: money comes in and is paid on them, by the customer
or by the night; nights come on time, twice, or not at all; loans get late, turn bad and are paid
off. The other bank works each night and each payment out anew, in fractions, by kenya.md 4.3, 4.5
and 4.9. How a schedule goes on when something was paid ahead is shown in lending/schedules: here it
is read, and must always bring what was lent and cost no more than before.

A kind of loan is one row of KINDS.
"""

from collections import Counter
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
from lending.loans.models import LoanInstalment
from lending.repayments import debts
from lending.repayments import operations as repayments
from lending.repayments.tests.oracle import CENT, NOTHING, Instalment, Kind, Life, half_up
from wekeza.kit.actor import SYSTEM

BAD_DAYS = 91  # kenya.md 4.1.
LINES = ("1330", "1335", "2360", "4010", "4020")
WHICH = st.integers(0, 1)
MISSED = st.sampled_from([0, 1, 4, 27, 33, 92])  # Days, before a date is closed again.
# How far below the ceiling of section 44A a loan turns bad: as if only so much more had been owed.
NEAR = st.sampled_from([None, Fraction(3), Fraction(40)])
PERCENT = st.sampled_from([1, 10, 40, 100])  # Of what is owed.

fired = Counter()  # What happened in all lives, so that a test can see that nothing is left out.


KINDS = [
    Kind("DIGI30", "5000", 30, "5", Fraction(25, 10_000), most_days=30),
    Kind("SALA", "6000", 3, "15", Fraction(6, 100) / 365, is_reducing=True),
]


class Lives(RuleBasedStateMachine):
    """Two people with a loan each, and days that pass; the two banks are compared all the time."""

    @initialize(kinds=st.tuples(st.sampled_from(KINDS), st.sampled_from(KINDS)), near=NEAR)
    def lend(self, kinds, near):
        self.near = near
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
        loan, life, day = self.loans[which], self.lives[which], calendar.business_date()
        if not (owed := life.owed(day)):
            return
        amount = max(half_up(owed * percent / 100), CENT)
        put_in(self._account(which), money(amount), at=self._noon())
        life.cash += amount
        paid = repayments.repay(
            loan, money=kes(str(money(amount))), reference=f"{day} {loan.repayments.count()}",
            at=self._noon(), actor=actor_of(loan.customer),
        )  # fmt: skip
        self._paid(loan, life, paid, amount, day)
        fired["paid in part" if amount < owed else "paid off"] += 1

    @rule(nights=st.integers(1, 2), times=st.integers(1, 2), missed=MISSED)
    def pass_nights(self, nights, times, missed):
        """Then nobody closes for some days: the next night makes interest up, but not lateness."""
        for _ in range(nights):
            day = calendar.business_date()
            for _ in range(times):  # The second run must find nothing to do.
                self._night(day)
            for loan, life in zip(self.loans, self.lives, strict=True):
                self._told(loan, life, day)
            self._open_the_next()
        for _ in range(missed):
            self._open_the_next()
        fired["missed" if missed else "closed"] += 1

    def teardown(self):
        """The last date is closed, so that the fees of loans that were paid on it are income."""
        if hasattr(self, "loans"):
            self._night(calendar.business_date())

    @invariant()
    def banks_agree(self):
        """What both banks say of each loan and of the lines of the books."""
        day = calendar.business_date()
        for loan, life in zip(self.loans, self.lives, strict=True):
            loan.refresh_from_db()
            assert standing(loan.ledger_account_id) == life.principal
            assert standing(loan.account.ledger_account_id) == life.cash
            assert fraction(debts.of(loan, on=day).total) == life.owed(day)
            assert loan.is_paid == (not life.owed(day))
            assert earned(loan, "INTEREST") + ahead(loan) == life.interest
            assert earned(loan, "LATE") == life.late.total
            assert earned(loan, "PENALTY") == life.penalty.total
            assert life.interest <= sum(row.interest for row in life.rows)
            if life.ceiling is not None:
                assert life.unpaid <= max(life.ceiling, life.most_unpaid)
        found = {code: now - self.before[code] for code, now in lines().items()}
        assert found == self._wanted()

    def _wanted(self) -> dict[str, Fraction]:
        """What stands on the lines: owed, and income unless the loan performs no more."""
        lives = self.lives
        bad = [life for life in lives if life.ceiling is not None]
        interest, penalty = (
            sum((life.interest_owed for life in bad), NOTHING),
            sum((life.penalty.left for life in bad), NOTHING),
        )
        return {
            "1330": sum((life.interest_owed for life in lives), NOTHING),
            "1335": sum((life.penalty.left for life in lives), NOTHING),
            "2360": interest + penalty,
            "4010": sum((life.interest + life.late.total for life in lives), NOTHING) - interest,
            "4020": sum((life.penalty.total for life in lives), NOTHING) - penalty,
        }

    def _paid(self, loan, life: Life, payment, amount: Fraction, day: date) -> None:
        """A payment in both banks; then the schedule as it stands now."""
        before, shares = life.rows, shares_of(payment)
        assert shares == life.pay(amount, day)
        life.rows = schedule(loan)
        lent = Fraction(loan.principal)
        assert sum(row.principal for row in life.rows) == lent
        assert sum(row.interest for row in life.rows) <= sum(row.interest for row in before)
        if loan.versions.exists():
            fired["paid ahead"] += 1

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
            self._paid(loan, life, loan.repayments.latest("pk"), amount, day)
            fired["collected"] += 1
        row = LoanStanding.objects.filter(loan=loan).first()
        late = life.days_late(day)
        assert (row.days_late if row else 0) == late
        is_bad = row is not None and row.npl_since is not None
        # It turns at once; good again it is after months of clean days, or when it is paid.
        assert is_bad or late < BAD_DAYS
        assert not is_bad or late >= BAD_DAYS or life.ceiling is not None
        assert not is_bad or life.owed(day)
        turned = is_bad and life.ceiling is None
        if turned:
            life.ceiling, life.most_unpaid = life.principal, life.unpaid
            assert Fraction(row.npl_principal) == life.ceiling
            fired["turned bad"] += 1
        if not is_bad:
            life.ceiling = None
        if life.owed(day):
            life.earn(day)
        if turned and self.near is not None:
            life.ceiling = life.unpaid + self.near
            LoanStanding.objects.filter(loan=loan).update(npl_principal=money(life.ceiling))

    def _open_the_next(self):
        calendar_operations.roll(from_date=calendar.business_date(), actor=SYSTEM)

    def _account(self, which):
        return account_of(self.loans[which].customer).ledger_account

    def _noon(self):
        return calendar.ends_at(calendar.business_date()) - timedelta(hours=12)


def schedule(loan) -> list[Instalment]:
    """What a loan's due dates take as its schedule stands, and what of them is not paid."""
    rows, since = [], loan.start_date
    for row in LoanInstalment.standing.filter(loan=loan).order_by("number"):
        paid = {"INTEREST": NOTHING, "PRINCIPAL": NOTHING}
        for one in row.allocations.all():
            paid[one.part] += Fraction(one.amount)
        interest, principal = Fraction(row.asked_interest), Fraction(row.asked_principal)
        rows.append(
            Instalment(
                row.number, since, row.contractual, row.due, interest, principal,
                interest - paid["INTEREST"], principal - paid["PRINCIPAL"],
            )
        )  # fmt: skip
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
