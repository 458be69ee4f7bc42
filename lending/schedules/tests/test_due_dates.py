"""Due dates: month ends, holidays, weeks."""

from datetime import date, timedelta

import pytest

from lending.schedules.due_dates import Frequency, due_dates, due_once


def every_day(day):
    return day


def no_weekend(day):
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def dues(start, number, frequency=Frequency.MONTHLY, next_business_day=every_day):
    found = due_dates(
        start, frequency=frequency, number=number, next_business_day=next_business_day
    )
    return [day.due for day in found]


class TestMonthly:
    def test_the_31st_is_the_last_of_a_shorter_month_and_comes_back(self):
        assert dues(date(2027, 12, 31), 5) == [
            date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30),
            date(2028, 5, 31),
        ]  # fmt: skip

    def test_a_day_in_the_middle_stays_itself_over_the_years_end(self):
        assert dues(date(2026, 11, 15), 3) == [
            date(2026, 12, 15), date(2027, 1, 15), date(2027, 2, 15),
        ]  # fmt: skip


class TestWeeks:
    @pytest.mark.parametrize(("frequency", "days"), [("WEEKLY", 7), ("BIWEEKLY", 14)])
    def test_are_seven_or_fourteen_days(self, frequency, days):
        start = date(2026, 11, 20)

        found = dues(start, 4, frequency)

        assert found == [start + timedelta(days=days * number) for number in (1, 2, 3, 4)]


class TestNoBusinessDay:
    def test_moves_the_due_date_on_and_leaves_the_interest_to_the_day_of_the_contract(self):
        saturday = date(2026, 12, 19)

        [first, second] = due_dates(
            date(2026, 11, 19), frequency="MONTHLY", number=2, next_business_day=no_weekend
        )

        assert (first.due, first.contractual) == (date(2026, 12, 21), saturday)
        assert (second.due, second.contractual) == (date(2027, 1, 19), date(2027, 1, 19))

    def test_moves_the_end_of_a_loan_of_days_too(self):
        [only] = due_once(date(2026, 11, 20), days=30, next_business_day=no_weekend)

        assert (only.due, only.contractual) == (date(2026, 12, 21), date(2026, 12, 20))
