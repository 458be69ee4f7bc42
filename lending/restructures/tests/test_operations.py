"""Agreeing a loan anew: what may be wished for, two persons, the signature, the new schedule."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.factories import PIN, actor_of
from ledger.approvals import operations as approvals
from ledger.approvals.refusals import AlreadyWaiting, OwnApproval
from ledger.money import kes
from lending.arrears.tests.steps import due_of, earn, judge, lend, standing_of
from lending.decisions.tests.steps import officer
from lending.loans.models import LoanInstalment
from lending.provisions.models import LoanProvision
from lending.provisions.tests.test_operations import night as provide
from lending.repayments import debts
from lending.restructures import operations as restructures
from lending.restructures import plan as plans
from lending.restructures import queries, signing
from lending.restructures.refusals import (
    AlreadyAsked,
    DayCloses,
    FiguresChanged,
    NoLonger,
    NotOpen,
    NotThisLoan,
    OftenEnough,
    TooMany,
)

pytestmark = pytest.mark.django_db


def loan_of_a_year():
    return lend(product="PERS", amount="40000", tenor=12, percent="15")


def ask(loan, *, kind="LONGER", number=24, at=None):
    return restructures.ask(
        loan, kind=kind, number=number, reason="I lost my job in October", at=at or timezone.now(),
        actor=actor_of(loan.customer),
    )  # fmt: skip


def offered(wish, *, kind=None, number=None):
    """Proposed by one officer, approved by another."""
    now = timezone.now()
    asked = restructures.propose(
        wish, kind=kind or wish.kind, number=number or wish.number,
        why="The customer found other work", at=now, actor=officer(),
    )  # fmt: skip
    approvals.approve(asked, digest=asked.digest, actor=officer("BRANCH_MANAGER"), at=now)
    wish.refresh_from_db()
    return wish


def sign(wish, *, figures=None, secret=PIN, at=None):
    return signing.sign(
        wish, figures=figures or restructures.plan_of(wish).figures, secret=secret,
        at=at or timezone.now(), actor=actor_of(wish.loan.customer),
    )  # fmt: skip


def after(loan) -> list[LoanInstalment]:
    return list(LoanInstalment.standing.filter(loan=loan).order_by("number"))


class TestWhatMayBeWished:
    def test_is_within_the_terms_of_the_bank(self):
        loan = loan_of_a_year()

        room = restructures.room_of(debts.of(loan, on=loan.start_date))

        # 12 payments are left; two years more than the year agreed on are 36.
        assert (room.most_put_off, room.least_payments, room.most_payments) == (2, 13, 36)

    def test_is_nothing_for_one_charge(self):
        with pytest.raises(NotThisLoan):
            ask(lend())

    @pytest.mark.parametrize(
        ("kind", "number", "refusal"),
        [("DEFER", 3, TooMany), ("DEFER", 0, TooMany), ("LONGER", 12, NoLonger),
         ("LONGER", 37, NoLonger)],
    )  # fmt: skip
    def test_is_refused_beyond_them(self, kind, number, refusal):
        with pytest.raises(refusal):
            ask(loan_of_a_year(), kind=kind, number=number)

    def test_is_one_at_a_time(self):
        loan = loan_of_a_year()
        wish = ask(loan)

        assert ask(loan) == wish
        with pytest.raises(AlreadyAsked):
            ask(loan, kind="DEFER", number=1)


class TestTwoPersons:
    def test_decide_and_none_of_them_alone(self):
        wish, now, maker = ask(loan_of_a_year()), timezone.now(), officer("BRANCH_MANAGER")
        facts = {"kind": "LONGER", "number": 24, "why": "Found other work", "at": now}
        asked = restructures.propose(wish, actor=maker, **facts)

        with pytest.raises(OwnApproval):
            approvals.approve(asked, digest=asked.digest, actor=maker, at=now)
        with pytest.raises(AlreadyWaiting):
            restructures.propose(wish, actor=officer(), **facts)
        with pytest.raises(AlreadyWaiting):
            restructures.refuse(wish, why="No", at=now, actor=officer())

    def test_may_offer_something_else(self):
        wish = offered(ask(loan_of_a_year()), kind="DEFER", number=1)

        assert (wish.state, wish.kind, wish.number) == ("OFFERED", "DEFER", 1)
        ends = wish.offer_until
        assert list(queries.offered_to(wish.loan.customer, at=timezone.now())) == [wish]
        assert not queries.offered_to(wish.loan.customer, at=ends).exists()
        assert wish.answer == "The customer found other work"

    def test_is_refused_by_one_with_a_reason(self):
        wish, now = ask(loan_of_a_year()), timezone.now()

        restructures.refuse(wish, why="Your income is enough", at=now, actor=officer())

        wish.refresh_from_db()
        assert (wish.state, wish.answer) == ("REFUSED", "Your income is enough")
        with pytest.raises(NotOpen):
            restructures.withdraw(wish, at=now, actor=actor_of(wish.loan.customer))

    def test_comes_too_late_for_what_was_given_up(self):
        wish, now = ask(loan_of_a_year()), timezone.now()
        asked = restructures.propose(
            wish, kind="LONGER", number=24, why="Found work", at=now, actor=officer()
        )
        restructures.withdraw(wish, at=now, actor=actor_of(wish.loan.customer))

        with pytest.raises(NotOpen):
            approvals.approve(asked, digest=asked.digest, actor=officer("BRANCH_MANAGER"), at=now)


class TestSigning:
    @pytest.mark.proves("BW29", "BW43")
    def test_spreads_the_principal_over_more_payments(self):
        """
        40,000 at 15% by the days over 24 months: level payments, principal whole, and the second
        payment's interest is that of its days on what is owed then.
        """
        loan = loan_of_a_year()
        wish = sign(offered(ask(loan)))

        rows = [row for row in after(loan) if row.principal]
        assert len(rows) == 24
        assert sum(row.principal for row in rows) == 40000
        assert len({row.principal + row.interest for row in rows[:-1]}) == 1
        days = (rows[1].contractual - rows[0].contractual).days
        owed = 40000 - rows[0].principal
        assert rows[1].interest == (owed * 15 * days / 36500).quantize(Decimal("0.01"))
        assert (wish.state, wish.version.why) == ("SIGNED", "RESTRUCTURED")
        assert LoanInstalment.objects.filter(loan=loan, version=1).count() == 12
        assert debts.of(loan, on=loan.start_date).principal == kes("40000")

    def test_puts_instalments_off_and_lets_interest_go_on(self):
        loan = loan_of_a_year()
        second = due_of(loan, 2)
        before = sum(row.interest for row in after(loan))

        sign(offered(ask(loan, kind="DEFER", number=1)))

        rows = [row for row in after(loan) if row.principal]
        assert (len(rows), rows[0].due) == (12, second)
        assert sum(row.interest for row in after(loan)) > before
        with pytest.raises(TooMany):  # One more within the year.
            ask(loan, kind="DEFER", number=2)

    def test_of_a_late_loan_carries_what_ran_and_leaves_penalties_due(self):
        """A year's loan, its first instalment never paid; agreed anew on the 46th day."""
        loan = loan_of_a_year()
        first = loan.instalments.get(number=1)
        day = first.due + timedelta(days=15)
        for days in range((day - loan.start_date).days):
            earn(loan.start_date + timedelta(days=days))
        debt = debts.of(loan, on=day)
        assert debt.is_late and debt.penalty and debt.late_interest

        plan = plans.of(debt, kind="LONGER", number=24)

        carried = plan.rows[0]
        assert (carried.principal, carried.interest) == (kes("0"), debt.interest)
        assert sum((row.principal for row in plan.rows), kes("0")) == kes("40000")
        assert plan.due_now == debt.penalty + debt.late_interest
        assert plan.after[0].due > day

    def test_is_once_and_only_what_was_seen(self):
        wish = offered(ask(loan_of_a_year()))

        with pytest.raises(FiguresChanged):
            sign(wish, figures="0" * 64)
        assert sign(wish) == sign(wish)
        assert queries.times(wish.loan) == 1
        assert wish.loan.versions.count() == 1

    def test_is_twice_in_a_life_at_most(self):
        loan = loan_of_a_year()
        sign(offered(ask(loan)))
        sign(offered(ask(loan, kind="DEFER", number=1)))

        with pytest.raises(OftenEnough):
            ask(loan, kind="DEFER", number=1)

    def test_clears_the_arrears_and_keeps_the_class(self):
        """kenya.md 4.1: a class gets better after six months, or six instalments, of paying."""
        loan = loan_of_a_year()
        wish = offered(ask(loan, kind="DEFER", number=2))
        day = due_of(loan) + timedelta(days=40)
        judge(day)
        assert standing_of(loan).loan_class == "WATCH"

        sign(wish)
        judge(day + timedelta(days=1))

        assert (standing_of(loan).days_late, standing_of(loan).overdue) == (0, 0)
        assert standing_of(loan).loan_class == "WATCH"

    def test_keeps_it_in_the_second_stage_for_a_year(self):
        """kenya.md 4.2: restructured in the last 12 months is stage 2."""
        loan = loan_of_a_year()
        sign(offered(ask(loan, kind="DEFER", number=2)))
        day = loan.start_date + timedelta(days=30)

        assert provide(day).stage_2 > 0
        assert LoanProvision.objects.get(loan=loan).stage == 2

    def test_waits_until_the_day_is_closed(self):
        """The night earned a day's interest: begun anew that day, it would be asked for twice."""
        loan = loan_of_a_year()
        wish = offered(ask(loan))
        earn(loan.start_date)

        with pytest.raises(DayCloses):
            sign(wish)

        assert loan.versions.count() == 0
