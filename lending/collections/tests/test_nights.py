"""The night and late loans: the calendar step by step, what was missed, and what is over."""

from datetime import timedelta

import pytest

from lending.arrears.tests.steps import due_of, lend, pay
from lending.collections import nights
from lending.collections.models import CaseStep, CollectionCase
from lending.collections.tests.steps import (
    ONE_DAY,
    chased,
    late_loan,
    night,
    noon,
    today,
    waiting,
)
from lending.repayments import debts

pytestmark = pytest.mark.django_db
# kenya.md 4.9: the days of the calendar.
CALENDAR = {"TEXT": 1, "CALL": 5, "LETTER": 15, "NOTICE": 30, "DEMAND": 61, "RECOVERY": 91}


class TestChase:
    @pytest.mark.proves("BW50")
    def test_puts_each_step_on_the_worklist_of_its_day_once(self):
        loan = lend()
        due = due_of(loan)
        assert night(due - ONE_DAY) == 0, "nothing is late on its due date"

        for code, days in CALENDAR.items():
            tomorrow = due + timedelta(days=days)
            night(tomorrow - 2 * ONE_DAY)
            assert not CaseStep.objects.filter(code=code).exists()
            night(tomorrow - ONE_DAY)
            assert CaseStep.objects.get(code=code).day == tomorrow
            assert night(tomorrow - ONE_DAY) == 0, "a second run adds nothing"

        assert waiting(CollectionCase.objects.get(loan=loan)) == list(CALENDAR)

    def test_makes_up_for_nights_that_were_missed(self):
        loan = lend()

        night(due_of(loan) + timedelta(days=40))

        case = CollectionCase.objects.get(loan=loan)
        assert waiting(case) == ["TEXT", "CALL", "LETTER", "NOTICE"]

    def test_closes_what_was_paid_and_what_is_late_again_is_another_case(self):
        loan = late_loan(days=5, product="PERS", tenor=6, percent="18")
        case = chased(loan)

        pay(loan, debts.of(loan, on=today()).asked_by_now.amount)
        night(today())

        case.refresh_from_db()
        assert (case.state, case.closed_date) == ("CLOSED", today())
        assert {step.state for step in case.steps.all()} == {"DROPPED"}
        night(due_of(loan, 2))
        again = CollectionCase.objects.get(loan=loan, state="OPEN")
        assert waiting(again) == ["TEXT"]

    def test_leaves_alone_who_owes_less_than_counts(self):
        loan = late_loan()
        pay(loan, "5200")

        night(due_of(loan))

        assert not CollectionCase.objects.exists()

    def test_is_about_the_loans_of_a_range(self):
        one, other = lend(), lend()
        day = due_of(one)
        nights.chase(day=day, first=one.pk, last=one.pk, at=noon(day))

        assert CollectionCase.objects.get().loan == one
        assert other.pk in nights.to_chase(day=day).values_list("pk", flat=True)
