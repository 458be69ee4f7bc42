"""
Expected losses against a computation of its own: the formulas of kenya.md 4.2 in floating point,
from the loan's schedule; stages and minimums by hand.
"""

from datetime import timedelta
from decimal import Decimal
from math import exp

import pytest
from django.db.models import Sum
from django.utils import timezone

from ledger.calendar.queries import months_after
from ledger.chart.models import Balance
from ledger.money import kes
from lending.arrears.models import LoanStanding
from lending.arrears.tests.steps import ALL, due_of, earn, judge, lend, pay
from lending.provisions import operations as provisions
from lending.provisions.models import LoanProvision, ProvisionRun
from lending.repayments.tests.test_operations import lines_of
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
ECONOMY = [(0.5, 1.0), (0.3, 1.3), (0.2, 0.85)]


def provide(day):
    provisions.provide(day=day, at=timezone.now(), **ALL)
    return provisions.book(day=day, actor=SYSTEM, at=timezone.now())


def night(day):
    judge(day)
    earn(day)
    return provide(day)


def line(code):
    return Balance.objects.filter(account__code=code).aggregate(total=Sum("balance"))["total"] or 0


def expected(*, score, loss, exposures, year):
    """The losses of months 1, 2, 3 …, of what is owed in each, at a yearly rate."""
    defaults = 1 / (1 + exp(-4.909 + 0.011552 * score))
    total = 0.0
    for weight, factor in ECONOMY:
        hazard = 1 - (1 - min(defaults * factor, 1)) ** (1 / 12)
        for month, owed in enumerate(exposures, start=1):
            marginal = hazard * (1 - hazard) ** (month - 1)
            total += weight * marginal * loss * owed * (1 + year) ** (-month / 12)
    return total


class TestExpected:
    def test_of_a_new_loan_is_that_of_its_last_month(self):
        """Six nights earned 250 / 30 x 6 = 50; 5% for 30 days is 81.1% a year; no score is 600."""
        loan = lend()
        night(loan.start_date + timedelta(days=5))

        row = LoanProvision.objects.get()
        year = 1.05 ** (365 / 30) - 1
        wanted = expected(score=600, loss=0.65, exposures=[5050], year=round(year, 3))
        assert (row.stage, row.score, row.exposure) == (1, 600, 5050)
        assert float(row.expected) == pytest.approx(wanted, abs=0.006)
        assert row.least == Decimal("50.50")
        # 11.69% at a score of 600, times 1.06 over the cases.
        assert float(row.default_fraction) == pytest.approx(0.1169 * 1.06, abs=0.0001)

    @pytest.mark.parametrize(("days", "stage", "most"), [(20, 1, 12), (40, 2, 99)])
    def test_is_of_a_year_in_stage_1_and_of_the_life_in_stage_2(self, days, stage, most):
        loan = lend(product="PERS", amount="60000", tenor=24, percent="15")
        day = due_of(loan) + timedelta(days=days)
        night(day)

        row = LoanProvision.objects.get()
        rows = list(loan.instalments.order_by("number"))
        accrued = float(row.exposure - row.principal)
        exposures = []
        for month in range(most):
            until = months_after(day, month)
            if month and until >= rows[-1].due:
                break
            paid_by_then = sum(one.principal for one in rows if day < one.due <= until)
            exposures.append(float(row.principal - paid_by_then) + accrued)
        year = float(loan.original_rate.percent) / 100
        wanted = expected(score=600, loss=0.65, exposures=exposures, year=year)
        assert (row.stage, row.principal) == (stage, 60000)
        assert accrued > 0
        assert 0.16 < year < 0.25  # 15% a year and a fee of 2%, less excise.
        assert float(row.expected) == pytest.approx(wanted, abs=0.01)

    def test_is_all_that_is_lost_in_stage_3(self):
        """65% of 5,000; interest in suspense is no income; 20% at least."""
        loan = lend()
        earn(due_of(loan))
        night(due_of(loan) + timedelta(days=91))

        row = LoanProvision.objects.get()
        assert (row.stage, row.loan_class, row.exposure) == (3, "SUBSTANDARD", 5000)
        assert (row.expected, row.least, row.default_fraction) == (3250, 1000, 1)


class TestTheStage:
    @pytest.mark.parametrize(
        ("own", "whole", "days", "clean", "stage"),
        [
            ("NORMAL", "NORMAL", 0, None, 1), ("NORMAL", "NORMAL", 30, None, 1),
            ("WATCH", "WATCH", 31, None, 2), ("WATCH", "WATCH", 90, None, 2),
            ("SUBSTANDARD", "SUBSTANDARD", 91, None, 3), ("SUBSTANDARD", "SUBSTANDARD", 5, None, 3),
            ("SUBSTANDARD", "SUBSTANDARD", 0, 89, 3), ("SUBSTANDARD", "SUBSTANDARD", 0, 90, 2),
            ("SUBSTANDARD", "SUBSTANDARD", 0, 179, 2), ("SUBSTANDARD", "SUBSTANDARD", 0, 180, 1),
            ("WATCH", "WATCH", 0, 89, 2), ("WATCH", "WATCH", 0, 90, 1),
            ("NORMAL", "SUBSTANDARD", 0, None, 2),
        ],
    )  # fmt: skip
    def test_goes_by_days_and_back_by_clean_days(self, own, whole, days, clean, stage):
        loan = lend()
        day = loan.start_date
        judge(day)
        LoanStanding.objects.update(
            own_class=own, loan_class=whole, days_late=days,
            clean_since=None if clean is None else day - timedelta(days=clean),
        )  # fmt: skip

        provisions.provide(day=day, at=timezone.now(), **ALL)

        assert LoanProvision.objects.get().stage == stage


class TestBooking:
    def test_puts_the_minimum_above_the_expected_loss_into_the_reserve(self):
        """A loss of 5,000: all of it is the minimum, 65% expected; 1,750 more (kenya.md 11.2)."""
        loan = lend()
        booked = night(due_of(loan) + timedelta(days=361))

        assert (booked.stage_3, booked.least, booked.reserve) == (3250, 5000, 1750)
        assert lines_of(booked.entry_id) == {
            ("5110", "DEBIT", kes("3250")), ("1342", "CREDIT", kes("3250")),
            ("3020", "DEBIT", kes("1750")), ("3040", "CREDIT", kes("1750")),
        }  # fmt: skip

    def test_books_what_is_different_and_moves_between_stages(self):
        loan = lend()
        first = night(loan.start_date)
        stage_1 = first.stage_1
        assert (line("1340"), line("5110")) == (stage_1, stage_1) and stage_1 > 0

        second = night(due_of(loan) + timedelta(days=91))

        assert lines_of(second.entry_id) == {
            ("1340", "DEBIT", kes(str(stage_1))), ("1342", "CREDIT", kes("3250")),
            ("5110", "DEBIT", kes(str(3250 - stage_1))),
            # 1% of 5,008.33 was more than expected; 3,250 is more than 20%.
            ("3040", "DEBIT", kes("50.08") - kes(str(stage_1))),
            ("3020", "CREDIT", kes("50.08") - kes(str(stage_1))),
        }  # fmt: skip

    def test_releases_all_when_the_loan_is_paid(self):
        loan = lend()
        day = due_of(loan) + timedelta(days=361)
        night(day)
        pay(loan, f"{5250 + sum(r.amount for r in loan.earnings.filter(part='PENALTY'))}")

        night(day + timedelta(days=1))

        assert {line(code) for code in ("1340", "1341", "1342", "3040", "5110", "3020")} == {0}

    def test_a_second_run_writes_nothing(self):
        loan = lend()
        first = night(loan.start_date)

        assert provisions.provide(day=loan.start_date, at=timezone.now(), **ALL) == 0
        assert provide(loan.start_date) == first
        run = ProvisionRun.objects.get()
        assert run.terms["PD_PER_POINT"] == "0.011552"
        assert provide(loan.start_date + timedelta(days=1)).entry_id is None
