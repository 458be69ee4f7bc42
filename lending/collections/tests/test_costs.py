"""What another day of being late costs, by hand."""

from datetime import date

import pytest

from ledger.money import kes
from lending.collections import costs
from lending.collections.tests.steps import late_loan
from lending.repayments import debts

pytestmark = pytest.mark.django_db


class TestOfADay:
    def test_is_a_quarter_of_a_percent_of_a_30_day_loan_after_three_days(self):
        """0.25% of KES 5,000 a day, from the fourth day on, for thirty days (kenya.md 4.5)."""
        loan = late_loan(days=1)
        due = loan.instalments.get().due

        found = {
            days: costs.of_a_day(debts.of(loan, on=date.fromordinal(due.toordinal() + days)))
            for days in (1, 3, 4, 33, 34)
        }

        assert found == {
            1: kes("0"), 3: kes("0"), 4: kes("12.50"), 33: kes("12.50"), 34: kes("0"),
        }  # fmt: skip
