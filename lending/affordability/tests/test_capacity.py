"""
How much of a loan somebody carries, by hand: 12,000 over 3 months at 20% takes about 4,134 a month
(12,000 x (0.2/12) / (1 - (1 + 0.2/12)^-3) = 4,134.06); a round 4,134 stands for it here.
"""

from decimal import Decimal

import pytest

from ledger.money import kes
from lending.affordability.capacity import Capacity, Grade, Income, Salary


def capacity(**facts) -> Capacity:
    usual = {
        "asked": kes("12000"),
        "income": Income(stated=kes("30000"), seen=kes("30000")),
        "dues": kes("0"),
        "grades": [Grade(0, Decimal(20), kes("4134"))],
        "cap": kes("50000"),
        "share": Decimal(50),
    }
    return Capacity(**usual | facts)


def bound(**facts) -> tuple[str, str]:
    found = capacity(**facts).bound(700)
    return found.code, str(found.most)


class TestHalfOfIncome:
    def test_carries_what_was_asked_to_the_last_shilling(self):
        income = Income(stated=kes("8268"), seen=kes("9000"))

        assert bound(income=income) == ("", "KES 12,000.00")

    def test_carries_less_where_other_loans_take_of_it(self):
        """15,000 may go, 12,000 goes: 3,000 is left; 12,000 x 2,999.99 / 4,134 = 8,708.2."""
        assert bound(dues=kes("12000")) == ("SHARE_OF_INCOME", "KES 8,708.00")

    def test_counts_what_came_in_where_that_is_less_than_what_is_told(self):
        """Half of 6,000 is 3,000."""
        income = Income(stated=kes("30000"), seen=kes("6000"))

        found = capacity(income=income).bound(700)

        assert (found.code, found.most) == ("SHARE_OF_INCOME_SEEN", kes("8708"))
        assert found.facts == {
            "percent": "50", "income": "KES 6,000.00", "stated": "KES 30,000.00",
            "dues": "KES 0.00", "instalment": "KES 4,134.00", "most": "KES 3,000.00",
        }  # fmt: skip

    def test_carries_nothing_where_other_loans_take_it_all(self):
        assert bound(dues=kes("15000")) == ("SHARE_OF_INCOME", "KES 0.00")


class TestAThirdOfGrossPay:
    def test_stays_after_all_instalments(self):
        """30,000 - 5,000 - 4,134 = 20,866; a third of 60,000 is 20,000, of 69,000 23,000."""
        told = {"dues": kes("5000"), "gross_part": 3}
        pay = {"stated": kes("30000"), "seen": kes("30000")}

        assert bound(**told, income=Income(**pay, gross=kes("60000"))) == ("", "KES 12,000.00")
        # 25,000 - 23,000 = 2,000 is left: 12,000 x 1,999.99 / 4,134 = 5,805.48.
        assert bound(**told, income=Income(**pay, gross=kes("69000"))) == (
            "PAY_LEFT", "KES 5,805.00",
        )  # fmt: skip


class TestASalary:
    @pytest.mark.parametrize(
        ("months", "net", "found"),
        [
            (3, "4000", ("", "KES 12,000.00")),
            (3, "3999.99", ("OVER_SALARY", "KES 11,999.97")),
            (2, "40000", ("NO_SALARY", "KES 0.00")),
        ],
    )
    def test_is_advanced_three_times_after_three_months(self, months, net, found):
        salary = Salary(months=months, least_months=3, net=kes(net), times=3)

        assert bound(salary=salary, share=None) == found


class TestALevel:
    def test_bounds_the_loan_or_has_none(self):
        assert bound(cap=kes("10000")) == ("OVER_LEVEL", "KES 10,000.00")
        assert bound(cap=None) == ("NOT_AT_LEVEL", "KES 0.00")


class TestGrades:
    GRADES = [
        Grade(850, Decimal(12), kes("1")), Grade(750, Decimal("13.5"), kes("2")),
        Grade(650, Decimal("15.5"), kes("3")), Grade(601, Decimal(18), kes("4")),
    ]  # fmt: skip

    @pytest.mark.parametrize(
        ("score", "percent"),
        [(1000, "12"), (850, "12"), (849, "13.5"), (750, "13.5"), (749, "15.5"), (650, "15.5"),
         (649, "18"), (601, "18"), (580, "18"), (None, "18")],
    )  # fmt: skip
    def test_go_by_the_score(self, score, percent):
        """kenya.md 4.5: >= 850 12%; 750-849 13.5%; 650-749 15.5%; 601-649 18%."""
        assert capacity(grades=self.GRADES).grade(score).percent == Decimal(percent)
