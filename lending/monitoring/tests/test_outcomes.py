"""What became of loans: written once, when it is known, and never otherwise."""

from datetime import timedelta

import pytest

from ledger.calendar import operations as calendar_operations
from ledger.calendar import queries as calendar
from ledger.money import kes
from lending.arrears.tests.steps import pay
from lending.monitoring import operations as monitoring
from lending.monitoring import queries
from lending.monitoring.models import LoanOutcome, LoanVerdict, OutcomeTerm
from lending.monitoring.tests.steps import agree, decision_on, lent, note, refused
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


def come(day):
    """Opens each business date up to a day; nothing is closed."""
    while (today := calendar.business_date()) < day:
        calendar_operations.roll(from_date=today, actor=SYSTEM)


class TestOverNinetyNights:
    def test_each_loan_gets_its_verdict_and_its_outcome_once(self):
        """
        30-day loans of 5,250 in all. Bad is whoever is 30 days late within 60 days (kenya.md 4.8):
        who never pays; not who pays on the 45th day, on the 60th, all but 99.99, or on its day.
        """
        never, later, last, most, early = [lent() for _ in range(5)]
        start = never.start_date
        pay(most, "5150.01")
        pay(early, "5250")
        for days, loan in ((0, None), (45, later), (60, last), (90, None)):
            come(start + timedelta(days=days))
            if loan is not None:
                pay(loan, "5250")
            note(start + timedelta(days=days))

        bad = {row.loan: row for row in LoanVerdict.objects.select_related("loan")}
        assert {loan: row.is_bad for loan, row in bad.items()} == {
            never: True, later: False, last: False, most: False, early: False,
        }  # fmt: skip
        sixtieth = start + timedelta(days=60)
        assert (bad[never].bad_on, bad[never].known_on) == (sixtieth, sixtieth)
        assert bad[never].decision == never.application.decisions.get()
        assert bad[early].known_on == start
        assert bad[later].known_on == start + timedelta(days=45)
        assert bad[most].known_on == bad[most].window_ends == sixtieth
        seen = {row.loan: row for row in LoanOutcome.objects.select_related("loan")}
        assert {row.seen_on for row in seen.values()} == {start + timedelta(days=90)}
        assert (seen[never].days_late, seen[never].money) == (90 - due_after(never), kes("5000"))
        assert (seen[never].loan_class, seen[never].is_paid) == ("WATCH", False)
        assert (seen[early].is_paid, seen[early].days_late, seen[early].money) == (
            True, 0, kes("0"),
        )  # fmt: skip
        assert (seen[most].is_paid, seen[most].money) == (False, kes("99.99"))
        told = queries.held_on(never.customer)
        assert told[0]["days_late"] == 90 - due_after(never) and told[1]["bad"]


def due_after(loan) -> int:
    """The contract's thirty days, or a few more to a business day."""
    return (loan.instalments.get().due - loan.start_date).days


class TestANight:
    def test_that_comes_again_adds_nothing(self):
        loan, day = lent(), calendar.business_date() + timedelta(days=90)

        assert note(day) == 2
        assert note(day) == 0
        assert list(monitoring.to_note(day=day)) == []
        assert loan.verdict.is_bad

    def test_that_was_missed_is_made_up_with_the_same_verdict(self):
        """First looked at after 200 days: it went bad on the 60th all the same."""
        loan = lent()

        note(loan.start_date + timedelta(days=200))

        assert loan.verdict.bad_on == loan.start_date + timedelta(days=60)
        assert (loan.outcome.after_days, loan.outcome.days_late) == (200, 200 - due_after(loan))

    def test_before_anything_is_known_writes_nothing(self):
        loan = lent()

        assert note(loan.start_date + timedelta(days=59)) == 0
        assert list(monitoring.to_note(day=loan.start_date + timedelta(days=59))) == []
        assert list(monitoring.to_note(day=loan.start_date + timedelta(days=60))) == [loan]

    def test_judges_a_term_loan_by_ninety_days_within_a_year(self):
        """Three instalments, none paid: bad 90 days after the first, long before the year ends."""
        loan = lent(product="EMER", amount="9000", tenor=3, percent="20")
        first = loan.instalments.get(number=1).contractual

        note(first + timedelta(days=89))
        assert not LoanVerdict.objects.exists()
        # The night counts from the business day on which it was due, the verdict from the contract.
        note(loan.instalments.get(number=1).due + timedelta(days=90))

        assert loan.verdict.bad_on == first + timedelta(days=90)
        assert loan.verdict.window_ends == loan.start_date + timedelta(days=365)

    def test_names_the_decision_that_the_loan_was_taken_on(self):
        loan = lent()
        first = loan.application.decisions.get()
        second = decision_on(loan.application, number=2, overrides=first, why="A person says so")
        refused(loan)

        note(loan.start_date + timedelta(days=90))

        assert (loan.verdict.decision, loan.outcome.decision) == (second, second)
        assert LoanVerdict.objects.count() == LoanOutcome.objects.count() == 1

    def test_goes_by_the_term_of_the_day_on_which_it_was_paid_out(self):
        """Whoever makes the term longer later judges no older loan by it."""
        loan = lent()
        row = OutcomeTerm.objects.get(product="DIGI30")
        row.pk, row._state.adding = None, True
        row.late_days, row.within_days = 80, 120
        row.effective_from = loan.start_date + timedelta(days=1)
        agree(row)

        note(loan.start_date + timedelta(days=60))

        assert (loan.verdict.late_days, loan.verdict.within_days) == (30, 60)
