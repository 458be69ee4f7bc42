"""On which lines of the books lending stands, and how one is changed (decision 42)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ledger.calendar import operations as calendar
from ledger.calendar import queries
from ledger.chart import queries as chart
from ledger.vouchers import kept
from lending.arrears.tests.steps import lend, pay
from lending.lines.models import LendingLine
from lending.lines.tests.steps import decided
from lending.repayments.tests.test_orders import late_loan
from lending.writeoffs.tests.test_operations import broken
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db

# kenya.md 11.1 and 11.2, and lines that nothing stood on.
CHART = {
    "INTEREST_OWED": ("1330", "1410"), "PENALTIES_OWED": ("1335", "1460"),
    "INTEREST_INCOME": ("4010", "4030"), "PENALTY_INCOME": ("4020", "4210"),
    "FEES_DEFERRED": ("2340", "2475"), "FEE_INCOME": ("4140", "4220"),
    "SUSPENSE": ("2360", "2480"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def today_is_open(db):
    """A bank whose open date is behind the clock's, as before a night's end, comes up with it."""
    while (day := queries.business_date()) < queries.nairobi_date(timezone.now()):
        calendar.roll(from_date=day, actor=SYSTEM)


def row_of(role, line, *, days=0):
    day = queries.business_date() + timedelta(days=days)
    return LendingLine(role=role, line=line, effective_from=day)


def held(*codes):
    return [str(chart.line_balance(chart.line(code)).amount) for code in codes]


class TestLines:
    def test_are_those_of_the_chart(self):
        found = dict(LendingLine.objects.values_list("role", "line"))

        assert found == {role: was for role, (was, _now) in CHART.items()}

    def test_that_two_changed_take_all_that_loans_book(self):
        """
        5,000 for 30 days: 250 interest and one night's penalty of 12.50, in suspense since it
        turned; 1,000 pay both, and 737.50 of the principal. The fee of the other is 1.5% of 60,000,
        900, with excise of a fifth inside: 750 are deferred.
        """
        for role, (_was, now) in CHART.items():
            decided(row_of(role, now))

        loan = late_loan(days=95)
        lend(product="SALA", amount="60000", tenor=6, percent="15")

        assert held("1410", "1460", "2480", "2475") == ["250.00", "12.50", "262.50", "750.00"]
        assert held("4030", "4210") == ["0.00", "0.00"]
        pay(loan, "1000")
        assert held("1410", "1460", "2480") == ["0.00", "0.00", "0.00"]
        assert held("4030", "4210") == ["250.00", "12.50"]
        assert set(held(*(was for was, _now in CHART.values()))) == {"0.00"}
        assert broken() == []
        assert kept.by_line("1410") and kept.by_line("2475")  # No voucher books there by hand.
        assert kept.by_line("1330") is None

    def test_are_not_left_while_something_stands_on_them(self):
        late_loan(days=20)

        for role, line, why in (
            ("INTEREST_OWED", "1410", "KES 250.00 stand on 1330"),
            ("PENALTIES_OWED", "1410", "KES 12.50 stand on 1335"),
            ("INTEREST_INCOME", "4030", "KES 250.00 stand on 4010"),
        ):
            with pytest.raises(ValidationError, match=why):
                row_of(role, line).clean()

    def test_are_lines_for_their_role(self):
        for role, line, why in (
            ("SUSPENSE", "9999", "no open KES line of the chart, of kind LIABILITY"),
            ("SUSPENSE", "4030", "no open KES line of the chart, of kind LIABILITY"),
            ("SUSPENSE", "2010", "that takes postings"),
            ("SUSPENSE", "2340", "kept for something else"),
            ("INTEREST_OWED", "1340", "kept for something else"),
        ):
            with pytest.raises(ValidationError, match=why):
                row_of(role, line).clean()

    def test_change_at_once_and_end_with_the_next(self):
        with pytest.raises(ValidationError, match="as soon as it is decided"):
            row_of("SUSPENSE", "2480", days=2).clean()
        ending = row_of("SUSPENSE", "2480")
        ending.effective_to = ending.effective_from
        with pytest.raises(ValidationError, match="Leave its last day empty"):
            ending.full_clean(exclude=["source", "approved_by", "approval"])
