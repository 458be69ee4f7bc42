"""On which days an instruction pays; the expected days are read off a calendar."""

from datetime import date, timedelta

import pytest

from lending.arrears.tests.steps import lend
from lending.instructions import days
from lending.instructions.models import StandingInstruction

FRIDAY = date(2026, 1, 30)


@pytest.mark.parametrize(
    ("every", "day", "first"),
    [
        ("WEEK", 5, FRIDAY),
        ("WEEK", 4, date(2026, 2, 5)),
        ("WEEK", 6, date(2026, 1, 31)),
        ("MONTH", 30, FRIDAY),
        ("MONTH", 31, date(2026, 1, 31)),
        ("MONTH", 29, date(2026, 2, 28)),  # February has no 29th in 2026.
        ("MONTH", 1, date(2026, 2, 1)),
    ],
)
def test_the_first_of_them(every, day, first):
    assert days.first_from(FRIDAY, every=every, day=day) == first


@pytest.mark.django_db
def test_the_night_finds_them_on_just_the_days_that_people_are_told():
    """Every day of fourteen months, a leap year's February among them."""
    loan = lend()
    kinds = [("WEEK", 1), ("WEEK", 7), ("MONTH", 1), ("MONTH", 29), ("MONTH", 31)]
    for every, day in kinds:
        row = StandingInstruction.objects.create(
            loan=loan, account=loan.account, every=every, day=day, first_date=FRIDAY, set_by="x",
            set_at=loan.agreed_at, state="CHANGED", ended_by="x", ended_at=loan.agreed_at,
        )  # fmt: skip
        for nth in range(430):
            today = date(2028, 1, 15) + timedelta(days=nth)
            is_its_day = days.first_from(today, every=every, day=day) == today
            found = StandingInstruction.objects.filter(days.those_of(today), pk=row.pk)
            assert found.exists() == is_its_day
