"""
Expected losses against a computation of its own: the formulas of kenya.md 4.2 in floating point,
from the loan's schedule; stages and minimums by hand.
"""

from datetime import timedelta
from decimal import Decimal
from math import exp
from uuid import uuid4

import pytest
from django.db.models import Sum
from django.utils import timezone

from ledger.calendar.queries import months_after
from ledger.chart.models import Balance
from ledger.money import kes
from lending.applications.models import LoanApplication
from lending.arrears.models import LoanStanding
from lending.arrears.tests.steps import ALL, due_of, earn, judge, lend, pay
from lending.decisions.models import CreditDecision
from lending.factories import BorrowerFactory
from lending.provisions import operations as provisions
from lending.provisions.models import LoanProvision, ProvisionRun
from lending.purchases.models import LoanPurchase
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


def decided(application, *, score, model="RETAIL 1", on):
    """What the rules answered by a card."""
    return CreditDecision.objects.create(
        application=application, number=1, result="APPROVED", amount=0, limit=0, score=score,
        model_version=model, least_score=600, inputs={}, points=[], reasons=[],
        decided_by="system", decided_at=timezone.now(), business_date=on,
    )  # fmt: skip


def asked_again(loan, *, score, model="RETAIL 1", on):
    """Its customer asked for another one later, and was scored."""
    first = loan.application
    again = LoanApplication.objects.create(
        customer=loan.customer, reference=uuid4(), product_id="EMER", term=first.term,
        amount="1000", tenor=1, employment="CASUAL", consent_version=first.consent_version,
        consent_hash=first.consent_hash, state="WITHDRAWN", asked_at=timezone.now(),
    )  # fmt: skip
    return decided(again, score=score, model=model, on=on)


class TestAScoreThatFell:
    def test_makes_stage_2_from_150_points_by_the_same_card(self):
        """Lent at 720: stage 1 at 571, stage 2 at 570; the chance is that of the newest."""
        loan = lend()
        day = loan.start_date
        decided(loan.application, score=720, on=day)
        judge(day)

        def provided(nth):
            on = day + timedelta(days=nth)
            provisions.provide(day=on, at=timezone.now(), **ALL)
            row = LoanProvision.objects.get(run__business_date=on)
            return row.stage, row.first_score, row.score

        assert provided(0) == (1, 720, 720)
        asked_again(loan, score=571, on=day + timedelta(days=1))
        assert provided(1) == (1, 720, 571)
        asked_again(loan, score=570, on=day + timedelta(days=3))
        assert provided(2) == (1, 720, 571)  # The day of the newest has not come.
        assert provided(3) == (2, 720, 570)
        asked_again(loan, score=300, model="NEWCOMER 1", on=day + timedelta(days=3))
        assert provided(4) == (2, 720, 570)  # Another card: its points mean something else.
        chance = 1.06 / (1 + exp(-4.909 + 0.011552 * 570))
        kept = LoanProvision.objects.latest("pk").default_fraction
        assert float(kept) == pytest.approx(chance, abs=0.000001)
        asked_again(loan, score=700, on=day + timedelta(days=5))
        assert provided(5) == (1, 720, 700)

    def test_says_nothing_where_the_loan_has_no_score(self):
        loan = lend()
        judge(loan.start_date)
        asked_again(loan, score=100, on=loan.start_date)

        provisions.provide(day=loan.start_date, at=timezone.now(), **ALL)

        row = LoanProvision.objects.get()
        assert (row.stage, row.first_score, row.score) == (1, None, 600)


class TestSecurity:
    """A vehicle of 250,000: a fifth of that goes each year, and 40% of the rest does not count."""

    def lend(self):
        customer = BorrowerFactory(deposit="", tier_id="TIER_3")
        return lend(customer, product="ASST", amount="200000", tenor=24, percent="14")

    def buy(self, *, thing="VEHICLE", valuation=None):
        loan = self.lend()
        LoanPurchase.objects.create(
            application=loan.application, thing=thing, description="Probox", price=250000,
            valuation=valuation,
        )  # fmt: skip
        return loan

    def test_lessens_what_is_lost_of_the_part_that_it_covers(self):
        """40% of what it covers, 65% of the rest; paid down, it covers all."""
        loan = self.buy()
        day = due_of(loan) + timedelta(days=20)
        night(day)

        row = LoanProvision.objects.get()
        held = 250_000 * (1 - 0.20 * (day - loan.start_date).days / 365) * 0.60
        rows = list(loan.instalments.order_by("number"))
        lost = []
        for month in range(12):
            until = months_after(day, month)
            paid = sum(float(one.principal) for one in rows if day < one.due <= until)
            owed = float(row.exposure) - paid
            covered = min(owed, held)
            lost.append(0.40 * covered + 0.65 * (owed - covered))
        year = float(loan.original_rate.percent) / 100
        wanted = expected(score=600, loss=1, exposures=lost, year=year)
        assert row.stage == 1
        assert float(row.security) == pytest.approx(held, abs=0.0001)
        assert float(row.expected) == pytest.approx(wanted, abs=0.01)
        assert float(row.loss_percent) == pytest.approx(
            100 * lost[0] / float(row.exposure), abs=0.01
        )
        assert row.least == round(row.exposure / 100, 2)  # None of it counts there.

    def test_is_the_valuers_figure_where_that_is_less(self):
        """Stage 3: 60% of 200,000 is 120,000; 40% of that and 65% of 80,000 are 100,000."""
        loan = self.buy(thing="HOME", valuation=200000)
        night(due_of(loan) + timedelta(days=91))

        row = LoanProvision.objects.get()
        assert (row.stage, row.exposure, row.security) == (3, 200000, 120000)
        assert (row.expected, row.loss_percent, row.least) == (100000, 50, 40000)

    def test_is_none_without_a_thing(self):
        loan = self.lend()
        judge(loan.start_date)
        provisions.provide(day=loan.start_date, at=timezone.now(), **ALL)

        row = LoanProvision.objects.get()
        assert (row.security, row.loss_percent) == (0, 40)


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
