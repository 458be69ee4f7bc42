"""The bank's own day, apart from the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings

from ledger import tasks
from ledger.calendar import operations as calendar
from ledger.calendar import queries
from ledger.calendar.models import BusinessDay, Holiday
from ledger.controls.models import AuditEntry
from ledger.factories import LedgerAccountFactory, put_in
from ledger.journal.models import Entry
from ledger.refusals import ValueDateNotOpen
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


def roll_to_tomorrow():
    return calendar.roll(from_date=queries.business_date(), actor=SYSTEM)


class TestTheBusinessDate:
    def test_is_in_the_books_and_not_on_the_clock(self):
        today = queries.business_date()
        account = LedgerAccountFactory()

        with time_machine.travel(datetime(2031, 5, 1, tzinfo=UTC)):
            posted = put_in(account, "5")

        assert posted.business_date == today

    def test_moves_one_day_on_and_says_who_moved_it(self):
        today = queries.business_date()

        assert roll_to_tomorrow() == queries.business_date() == today + timedelta(days=1)
        told = AuditEntry.objects.get(deed="business_date.opened")
        assert told.detail == {"from_date": f"{today}", "opened": f"{today + timedelta(days=1)}"}

    def test_moves_only_from_the_day_that_the_caller_saw(self):
        today = queries.business_date()
        roll_to_tomorrow()

        with pytest.raises(calendar.BusinessDateMoved):
            calendar.roll(from_date=today, actor=SYSTEM)
        assert queries.business_date() == today + timedelta(days=1)

    def test_takes_every_entry_after_it_moved(self):
        account, today = LedgerAccountFactory(), queries.business_date()
        before = put_in(account, "5")
        roll_to_tomorrow()
        after = put_in(account, "5")

        assert (before.business_date, after.business_date) == (today, today + timedelta(days=1))
        assert Entry.objects.get(pk=after.entry_id).value_date == after.business_date

    def test_leaves_yesterday_open_as_a_value_date_and_tomorrow_shut(self):
        account = LedgerAccountFactory()
        day = roll_to_tomorrow()

        put_in(account, "5", value_date=day - timedelta(days=1))
        with pytest.raises(ValueDateNotOpen):
            put_in(account, "5", value_date=day + timedelta(days=1))

    def test_is_one_row(self):
        assert BusinessDay.objects.count() == 1


class TestTheTaskOfTheCalendar:
    def test_has_next_years_holidays_by_then(self):
        with time_machine.travel(datetime(2030, 12, 31, 22, tzinfo=UTC)):  # 2031 in Nairobi.
            tasks.write_next_year()
            tasks.write_next_year()

        assert Holiday.objects.filter(holiday_date__year=2032).count() == 10
        assert settings.TIME_ZONE == "Africa/Nairobi"


class TestDaysInNairobi:
    @pytest.mark.parametrize(
        ("at", "day"),
        [
            (datetime(2026, 11, 21, 20, 59, 59, tzinfo=UTC), date(2026, 11, 21)),
            (datetime(2026, 11, 21, 21, 0, 0, tzinfo=UTC), date(2026, 11, 22)),
            (datetime(2028, 2, 28, 21, 0, 0, tzinfo=UTC), date(2028, 2, 29)),
            (datetime(2026, 12, 31, 21, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
        ],
    )
    def test_begin_three_hours_before_those_of_greenwich(self, at, day):
        assert queries.nairobi_date(at) == day
        assert queries.month_start(day) == date(day.year, day.month, 1)


class TestMonthsAfter:
    @pytest.mark.parametrize(
        ("day", "months", "then"),
        [
            (date(2026, 11, 20), 12, date(2027, 11, 20)),
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2024, 2, 29), 60, date(2029, 2, 28)),
            (date(2026, 12, 15), 1, date(2027, 1, 15)),
            (date(2028, 2, 29), -12, date(2027, 2, 28)),
            (date(2026, 1, 31), -2, date(2025, 11, 30)),
        ],
    )
    def test_is_the_same_day_or_the_last_of_a_shorter_month(self, day, months, then):
        assert queries.months_after(day, months) == then
