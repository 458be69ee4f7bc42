"""Instalments: published figures, numpy-financial, and what must hold of every schedule."""

from datetime import date
from decimal import Decimal

import numpy_financial
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.money import Money, kes
from lending.schedules.due_dates import due_dates, due_once
from lending.schedules.instalments import Method, Periods, Rate, schedule

START = date(2026, 11, 20)


def rate(percent, method=Method.REDUCING, periods=Periods.MONTHS, day_count="ACTUAL_365"):
    return Rate(Decimal(percent), method, periods, day_count)


def of(principal, number, how, start=START):
    dates = due_dates(start, frequency="MONTHLY", number=number, next_business_day=lambda day: day)
    return schedule(kes(principal), start=start, rate=how, dates=dates)


def interest(rows):
    return sum((row.interest for row in rows), Money.zero())


class TestPublishedFigures:
    """kenya.md 4.4: 100,000 at 15% over 12 months; mission 000: 5,000 at 5% is 5,250."""

    def test_reducing(self):
        rows = of("100000", 12, rate("15"))

        assert {str(row.total) for row in rows[:-1]} == {"KES 9,025.83"}
        assert interest(rows) == kes("8309.97")
        assert rows[-1].owed_after == kes("0")

    def test_flat(self):
        rows = of("100000", 12, rate("15", Method.FLAT))

        assert {str(row.total) for row in rows[:-1]} == {"KES 9,583.33"}
        assert interest(rows) == kes("15000")

    def test_one_charge(self):
        dates = due_once(START, days=30, next_business_day=lambda day: day)

        [row] = schedule(kes("5000"), start=START, rate=rate("5", Method.ONCE), dates=dates)

        assert (row.total, row.principal, row.interest) == (kes("5250"), kes("5000"), kes("250"))
        assert row.due == date(2026, 12, 20)


class TestReducing:
    @pytest.mark.parametrize("principal", ["1000", "98765.43", "500000", "50000000"])
    @pytest.mark.parametrize(
        ("percent", "months"), [("12", 3), ("13.5", 18), ("15.5", 60), ("24", 300)]
    )
    def test_is_that_of_numpy_financial(self, principal, percent, months):
        rows = of(principal, months, rate(percent))

        monthly, borrowed = float(percent) / 1200, float(principal)
        assert float(rows[0].total.amount) == pytest.approx(
            -numpy_financial.pmt(monthly, months, borrowed), abs=0.006
        )
        # Each month rounds once, and the rounding earns interest itself until the end.
        theirs = -numpy_financial.ipmt(monthly, range(1, months + 1), months, borrowed)
        drift = 0.005 * ((1 + monthly) ** months - 1) / monthly + 0.005 * months
        assert float(interest(rows).amount) == pytest.approx(theirs.sum(), abs=drift)

    def test_by_days_charges_each_period_for_its_own_days(self):
        rows = of("100000", 3, rate("15", periods=Periods.DAYS), start=date(2028, 1, 31))

        # 29 days to the leap day, then 31 and 30: 100,000 × 0.15 × 29 / 365 = 1,191.78.
        assert rows[0].interest == kes("1191.78")
        assert rows[1].interest.amount == round(rows[0].owed_after.amount * 15 * 31 / 36500, 2)
        assert rows[0].total == rows[1].total
        assert abs(rows[2].total.amount - rows[0].total.amount) <= Decimal("0.02")

    def test_without_interest_is_the_principal_in_parts(self):
        rows = of("100", 3, rate("0"))

        assert [str(row.total) for row in rows] == ["KES 33.33", "KES 33.33", "KES 33.34"]


class TestEverySchedule:
    @given(
        principal=st.decimals("1", "50000000", places=2),
        percent=st.decimals("0", "40", places=2),
        number=st.integers(1, 480),
        method=st.sampled_from(Method),
        periods=st.sampled_from(Periods),
        start=st.dates(date(2024, 1, 1), date(2040, 12, 31)),
    )
    def test_pays_the_principal_back_whole_and_takes_nothing_negative(
        self, principal, percent, number, method, periods, start
    ):
        rows = of(principal, number, rate(percent, method, periods), start=start)

        assert sum((row.principal for row in rows), Money.zero()) == kes(principal)
        assert rows[-1].owed_after == Money.zero()
        assert all(row.principal >= Money.zero() and row.interest >= Money.zero() for row in rows)
        assert [row.due for row in rows] == sorted(row.due for row in rows)
        assert [row.number for row in rows] == list(range(1, number + 1))

    @pytest.mark.parametrize("principal", ["0", "-1"])
    def test_has_a_principal_and_a_due_date(self, principal):
        with pytest.raises(ValueError, match="principal"):
            of(principal, 1, rate("5"))
        with pytest.raises(ValueError, match="due date"):
            schedule(kes("1"), start=START, rate=rate("5"), dates=[])
