"""The stage in which what is known of a borrower puts their loans (kenya.md 4.2), by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from ledger.calendar import queries as calendar
from lending.arrears.tests.steps import ALL, earn, judge, lend
from lending.business.tests.test_taking import sign
from lending.factories import BusinessApplicationFactory
from lending.provisions import operations as provisions
from lending.provisions.models import LoanProvision, ProvisionRun
from lending.watch.tests.steps import lift, mark

pytestmark = pytest.mark.django_db


def night(day) -> dict:
    """The loans of a run, each with its provision."""
    judge(day)
    earn(day)
    provisions.provide(day=day, at=timezone.now(), **ALL)
    rows = LoanProvision.objects.filter(run__business_date=day).select_related("loan")
    return {row.loan: row for row in rows}


def test_all_loans_of_the_dead_are_in_stage_3_and_go_back_when_it_is_lifted():
    """
    KES 5,000 for 30 days at 5%, in its first night: 250 / 30 = 8.33 earned. In stage 3 the bank
    expects to lose 65% of 5,008.33, 3,255.41; the minimum of a normal loan stays 1%, 50.08.
    """
    loan, others = lend(), lend()
    second = lend(loan.customer, product="PERS", amount="60000", tenor=24, percent="15")
    watched, dead = mark(loan.application, "WATCH"), mark(second.application, "DECEASED")
    day = loan.start_date

    first = night(day)

    row = first[loan]
    assert [first[one].stage for one in (loan, second, others)] == [3, 3, 1]
    assert (row.exposure, row.default_fraction) == (Decimal("5008.33"), 1)
    assert (row.expected, row.least) == (Decimal("3255.41"), Decimal("50.08"))
    assert first[others].expected < 1000
    terms = ProvisionRun.objects.get().terms
    assert (terms["WATCH_STAGE"], terms["FRAUD_STAGE"]) == ("2", "3")
    lift(second.application, dead)
    again = night(day + timedelta(days=1))
    assert [again[one].stage for one in (loan, second)] == [2, 2], "they are watched still"
    lift(loan.application, watched)
    last = night(day + timedelta(days=2))
    assert [last[one].stage for one in (loan, second)] == [1, 1]


def test_it_counts_from_its_day_on():
    loan = lend(start=calendar.business_date() - timedelta(days=1))
    row = mark(loan.application, "BANKRUPT")

    before, after = night(loan.start_date), night(row.since)

    assert (before[loan].stage, after[loan].stage) == (1, 3)


def test_a_business_and_the_director_who_asked_are_two_borrowers(bureau):
    firms = sign(BusinessApplicationFactory(came_in="4000000")).loan
    own = lend(firms.customer)
    fraud = mark(own.application, "FRAUD")

    first = night(own.start_date)
    lift(own.application, fraud)
    mark(firms.application, "FRAUD")
    second = night(own.start_date + timedelta(days=1))

    assert (first[own].stage, first[firms].stage) == (3, 1)
    assert (second[own].stage, second[firms].stage) == (1, 3)
