"""Public holidays: by rule, by gazette, and the days on which banks settle."""

import csv
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from django.core.management import CommandError, call_command

from ledger import calendar as room
from ledger.calendar import operations as calendar
from ledger.calendar import queries
from ledger.calendar.models import Holiday
from ledger.controls.models import AuditEntry
from wekeza.kit.actor import Actor

YEARS = range(2025, 2031)
OFFICER = Actor("STAFF", "3", person="party:3")


def scheduled(year):
    return dict(calendar.scheduled(year))


class TestScheduledHolidays:
    def test_are_ten_a_year_on_ten_days(self):
        for year in YEARS:
            assert len(scheduled(year)) == 10
            assert len(set(scheduled(year).values())) == 10

    @pytest.mark.parametrize(
        ("year", "friday", "monday"),
        [
            # Easter Sunday falls on 28 March 2027 and on 16 April 2028.
            (2027, date(2027, 3, 26), date(2027, 3, 29)),
            (2028, date(2028, 4, 14), date(2028, 4, 17)),
        ],
    )
    def test_of_easter_move_with_the_moon(self, year, friday, monday):
        assert scheduled(year)[friday] == "Good Friday"
        assert scheduled(year)[monday] == "Easter Monday"

    def test_on_a_sunday_are_kept_on_the_next_day_that_is_free(self):
        # Madaraka Day of 2025 and Jamhuri Day of 2027 fall on a Sunday.
        assert scheduled(2025)[date(2025, 6, 2)] == "Madaraka Day"
        assert scheduled(2027)[date(2027, 12, 13)] == "Jamhuri Day"
        assert date(2025, 6, 1) not in scheduled(2025)
        # Christmas Day of 2022 was a Sunday and the day after it a holiday: it went to the 27th.
        assert scheduled(2022)[date(2022, 12, 27)] == "Christmas Day"
        assert scheduled(2022)[date(2022, 12, 26)] == "Utamaduni Day"

    def test_on_a_saturday_do_not_move(self):
        assert scheduled(2026)[date(2026, 10, 10)] == "Mazingira Day"
        assert date(2026, 10, 12) not in scheduled(2026)

    @pytest.mark.parametrize("year", YEARS)
    def test_agree_with_a_published_calendar(self, year):
        """The library also knows Idd days and state funerals, which we enter by hand."""
        published = {
            day
            for day, name in holidays.Kenya(years=year).items()
            if day.weekday() != 6 and "Eid" not in name and "Funeral" not in name
        }
        assert set(scheduled(year)) == published

    @pytest.mark.parametrize("year", [1961, 1981, 2000, 2019, 2038, 2049, 2076, 2100])
    def test_find_easter_in_hard_years(self, year):
        # Dates of Easter Sunday as published by the US Naval Observatory.
        easter = {
            1961: (4, 2), 1981: (4, 19), 2000: (4, 23), 2019: (4, 21), 2038: (4, 25),
            2049: (4, 18), 2076: (4, 19), 2100: (3, 28),
        }  # fmt: skip
        monday = date(year, *easter[year]) + timedelta(days=1)

        assert scheduled(year)[monday] == "Easter Monday"


@pytest.mark.django_db
class TestTheCalendarOfTheBank:
    def test_holds_four_years_from_the_first_day_with_their_source(self):
        with (Path(room.__file__).parent / "data" / "scheduled_holidays.csv").open() as file:
            seeded = {(row["holiday_date"], row["name"]) for row in csv.DictReader(file)}
        by_rule = {
            (day.isoformat(), name)
            for year in range(2025, 2029)
            for day, name in scheduled(year).items()
        }
        rows = Holiday.objects.filter(holiday_date__year__in=range(2025, 2029), origin="RULE")

        assert seeded == by_rule == {(f"{row.holiday_date}", row.name) for row in rows}
        assert {row.source for row in rows} == {"Public Holidays Act, cap. 110"}

    def test_gets_another_year_once(self):
        calendar.write_year(2031)
        calendar.write_year(2031)

        assert Holiday.objects.filter(holiday_date__year=2031).count() == 10

    def test_takes_a_movable_day_by_hand_with_its_notice_and_who_entered_it(self):
        holiday = calendar.declare_holiday(
            day=date(2027, 3, 10), name="Idd-ul-Fitr", gazette="Notice of the day", actor=OFFICER
        )

        told = AuditEntry.objects.get(subject=f"ledger.holiday:{holiday.pk}")
        assert (holiday.origin, holiday.source) == ("GAZETTE", "Notice of the day")
        assert (told.deed, told.actor) == ("holiday.declared", "STAFF:3")
        assert queries.is_holiday(date(2027, 3, 10))
        assert not queries.is_holiday(date(2027, 3, 10), country="UG")

    def test_takes_the_same_day_once(self):
        facts = {"day": date(2027, 3, 10), "name": "Idd-ul-Fitr", "gazette": "x", "actor": OFFICER}
        calendar.declare_holiday(**facts)

        with pytest.raises(calendar.HolidayKnown) as refused:
            calendar.declare_holiday(**facts)

        assert refused.value.status == 409
        assert AuditEntry.objects.filter(deed="holiday.declared").count() == 1

    def test_can_be_kept_from_the_command_line(self, capsys):
        call_command("holiday", "2027-05-17", "Idd-ul-Azha", gazette="Notice of the day")
        with pytest.raises(CommandError, match="in the calendar already"):
            call_command("holiday", "2027-05-17", "Idd-ul-Azha", gazette="Notice of the day")

        assert queries.is_holiday(date(2027, 5, 17))
        assert "stands in the calendar" in capsys.readouterr().out


@pytest.mark.django_db
class TestABusinessDay:
    @pytest.mark.parametrize(
        ("day", "settles"),
        [
            (date(2026, 11, 20), True),  # Friday
            (date(2026, 11, 21), False),  # Saturday
            (date(2026, 11, 22), False),  # Sunday
            (date(2026, 10, 20), False),  # Mashujaa Day, a Tuesday
            (date(2027, 12, 13), False),  # Jamhuri Day, moved to Monday
            (date(2027, 12, 14), True),
        ],
    )
    def test_is_monday_to_friday_and_no_holiday(self, day, settles):
        assert queries.is_business_day(day) is settles

    @pytest.mark.parametrize(
        ("day", "following"),
        [
            (date(2026, 11, 20), date(2026, 11, 20)),
            (date(2026, 11, 21), date(2026, 11, 23)),
            # Christmas of 2027: Saturday 25th, Sunday, and Utamaduni Day kept on Monday.
            (date(2027, 12, 25), date(2027, 12, 28)),
            # Easter of 2027: Good Friday to Easter Monday.
            (date(2027, 3, 26), date(2027, 3, 30)),
        ],
    )
    def test_follows_a_day_of_rest(self, day, following):
        assert queries.next_business_day(day) == following

    def test_waits_for_declared_days_too(self):
        calendar.declare_holiday(
            day=date(2027, 12, 28), name="Special day", gazette="x", actor=OFFICER
        )

        assert queries.next_business_day(date(2027, 12, 25)) == date(2027, 12, 29)
