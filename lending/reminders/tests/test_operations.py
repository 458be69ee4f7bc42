"""Reminders: when, whom, how often, and nobody at night."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.factories import actor_of
from ledger.calendar.queries import NAIROBI
from ledger.money import kes
from lending.factories import LoanFactory
from lending.reminders import operations
from lending.repayments import operations as repayments

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan(bureau):
    return LoanFactory()


def remind(loan, *, days, hour=8) -> list[str]:
    """The texts of a run so many days after the due date, at an hour of Nairobi."""
    due = loan.instalments.get().due
    before = _texts(loan)
    operations.remind(at=datetime.combine(due + timedelta(days=days), time(hour, 30), NAIROBI))
    return _texts(loan)[len(before) :]


def _texts(loan) -> list[str]:
    rows = loan.customer.user.messages.filter(kind="loan_due").order_by("pk")
    return [row.body for row in rows]


class TestRemind:
    @pytest.mark.proves("BW30")
    @pytest.mark.parametrize(
        ("days", "words"), [(-3, "Keep it in your account"), (0, "is due today")]
    )
    def test_texts_three_days_before_and_on_the_day(self, loan, days, words):
        [text] = remind(loan, days=days)

        assert words in text
        assert "KES 5,250.00" in text
        assert loan.number in text

    @pytest.mark.parametrize("days", [-4, -2, -1, 1, 2])
    def test_is_silent_on_other_days(self, loan, days):
        assert remind(loan, days=days) == []

    @pytest.mark.parametrize(("hour", "texts"), [(7, 0), (8, 1), (19, 1), (20, 0)])
    def test_is_silent_outside_of_lawful_hours(self, loan, hour, texts):
        """kenya.md 4.9: contact only 08:00 to 20:00."""
        assert len(remind(loan, days=0, hour=hour)) == texts

    def test_a_second_run_texts_nobody_again(self, loan):
        assert len(remind(loan, days=0)) == 1
        assert remind(loan, days=0, hour=9) == []

    def test_says_what_is_left(self, loan):
        repayments.repay(
            loan, money=kes("1000"), reference="form", at=timezone.now(),
            actor=actor_of(loan.customer),
        )  # fmt: skip

        [text] = remind(loan, days=0)

        assert "KES 4,250.00" in text

    def test_who_paid_hears_nothing(self, loan):
        repayments.repay(
            loan, money=kes("5250"), reference="form", at=timezone.now(),
            actor=actor_of(loan.customer),
        )  # fmt: skip

        assert remind(loan, days=0) == []
