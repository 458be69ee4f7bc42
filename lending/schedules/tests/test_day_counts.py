"""Day counts, beside QuantLib's, over leap years and month ends."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
import QuantLib

from lending.schedules.day_counts import DayCount, year_part

THEIRS = {
    DayCount.ACTUAL_365: QuantLib.Actual365Fixed(),
    DayCount.THIRTY_360: QuantLib.Thirty360(QuantLib.Thirty360.European),
    DayCount.ACTUAL_ACTUAL: QuantLib.ActualActual(QuantLib.ActualActual.ISDA),
}
ODD = [
    (date(2027, 12, 31), date(2028, 1, 1)),
    (date(2028, 2, 28), date(2028, 2, 29)),
    (date(2028, 2, 28), date(2028, 3, 1)),
    (date(2028, 2, 29), date(2029, 2, 28)),
    (date(2028, 1, 31), date(2028, 2, 29)),
    (date(2027, 1, 31), date(2027, 3, 31)),
    (date(2027, 7, 1), date(2032, 7, 1)),
    (date(2026, 11, 22), date(2026, 11, 22)),
]


def theirs(first, last, convention):
    days = [QuantLib.Date(day.day, day.month, day.year) for day in (first, last)]
    return THEIRS[convention].yearFraction(*days)


@pytest.mark.parametrize("convention", DayCount)
class TestYearPart:
    def test_is_that_of_quantlib_on_odd_days_and_on_a_thousand_others(self, convention):
        chance = Random(30)  # noqa: S311 - days for a test.
        pairs = list(ODD)
        for _ in range(1000):
            first = date(2024, 1, 1) + timedelta(days=chance.randrange(4000))
            pairs.append((first, first + timedelta(days=chance.randrange(9200))))

        for first, last in pairs:
            ours = year_part(first, last, convention)
            assert float(ours) == pytest.approx(theirs(first, last, convention), abs=1e-12), (
                first, last,
            )  # fmt: skip

    def test_never_goes_backwards(self, convention):
        with pytest.raises(ValueError, match="is before"):
            year_part(date(2026, 11, 22), date(2026, 11, 21), convention)


def test_a_leap_year_is_more_than_a_year_where_days_are_365ths():
    year = date(2028, 1, 1), date(2029, 1, 1)

    assert year_part(*year, DayCount.ACTUAL_365) == Decimal(366) / 365
    assert year_part(*year, DayCount.THIRTY_360) == 1
    assert year_part(*year, DayCount.ACTUAL_ACTUAL) == 1
