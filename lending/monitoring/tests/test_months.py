"""A card's month against its reference: a year of decisions whose figures follow by hand."""

from datetime import timedelta
from math import log

import pytest
from django.utils import timezone
from scipy import special, stats

from ledger.calendar.queries import business_date, months_after, nairobi_date
from lending.arrears.tests.steps import lend
from lending.decisions.models import CreditDecision
from lending.monitoring import alarms, months, queries
from lending.monitoring import operations as monitoring
from lending.monitoring.models import CardMonth, MonitorTerm, ReferenceTerm
from lending.monitoring.tests.steps import a_year, agree, decided, decision_on, judged
from lending.scoring.models import Scorecard

pytestmark = pytest.mark.django_db
Kind = MonitorTerm.Kind


@pytest.fixture
def card():
    return Scorecard.objects.get(card="NEWCOMER", version=1)


@pytest.fixture
def application():
    return lend().application


def figures_of(card, *, on=None, **least):
    """The month's figures by the bank's terms, some of them changed."""
    day = on or business_date()
    return months.month_of(card, on=day, terms=queries.terms_on(day) | least)


class TestTheSpread:
    def test_is_compared_with_the_first_three_months(self, card, application):
        """20, 50, 30% became 30, 50, 20%: 0.2 ln 1.5. By chance 2 x (1/100 + 1/100)."""
        today = business_date()
        a_year(application, today)

        found = figures_of(card)

        begins = months_after(today.replace(day=1), -5)
        ends = months_after(begins, 3) - timedelta(days=1)
        assert found["reference"] == [begins.isoformat(), ends.isoformat()]
        assert (found["decisions"], found["reference_decisions"]) == (100, 100)
        assert found["psi"] == pytest.approx(0.2 * log(1.5), abs=1e-6)
        assert found["by_chance"] == 0.04
        assert [(one["reference"], one["month"]) for one in found["bands"][5:8]] == [
            (20, 30), (50, 50), (30, 20),
        ]  # fmt: skip
        [level] = found["characteristics"]
        assert (level["name"], level["csi"]) == ("kyc_tier", 0)
        assert level["points"] == [{"points": 140, "reference": 100, "month": 100, "csi": 0}]

    def test_of_too_few_is_not_compared(self, card, application):
        a_year(application, business_date())

        found = figures_of(card, LEAST_DECISIONS=101)

        assert (found["psi"], found["by_chance"], found["bands"][5]["psi"]) == (None, None, None)
        assert found["characteristics"][0]["csi"] is None

    def test_of_the_reference_itself_is_not_compared(self, card, application):
        decided(application, [650] * 60, on=business_date())

        found = figures_of(card)

        assert found["is_reference"] and found["psi"] is None

    def test_is_compared_with_the_days_that_two_persons_set(self, card, application):
        today = nairobi_date(timezone.now())  # A term begins today by the clock, or later.
        a_year(application, today)
        row = ReferenceTerm(
            scorecard=card, first_day=months_after(today, -1).replace(day=1),
            last_day=today.replace(day=1) - timedelta(days=1), effective_from=today,
            source="Board paper 9", approved_by="",
        )  # fmt: skip
        agree(row)

        found = figures_of(card, on=today)

        assert found["reference"] == [row.first_day.isoformat(), row.last_day.isoformat()]
        assert found["reference_decisions"] == 5, "those of the five loans"

    def test_of_a_card_that_decided_nothing_is_none(self, card):
        assert figures_of(card) is None
        assert queries.cards_begun(on=business_date()) == []


class TestTheLoans:
    def test_tell_how_well_good_and_bad_were_told_apart(self, card, application):
        """
        Bad at 500 and 600, good at 600, 700, 700: AUC 5.5 / 6, KS 2/3 at 600. Predicted by the
        logistic function of scipy: 1 of 1 bad at 500, 1 of 2 at 600, none of 2 at 700.
        """
        a_year(application, business_date())

        found = figures_of(card, LEAST_LOANS=5, LEAST_BAD=2)

        assert (found["loans"], found["bad"]) == (5, 2)
        assert found["gini"] == pytest.approx(2 * 5.5 / 6 - 1, abs=1e-6)
        assert (found["ks"], found["ks_score"]) == (pytest.approx(2 / 3, abs=1e-6), 600)
        should = {score: special.expit(4.909 - 0.011552 * score) for score in (500, 600, 700)}
        chi = sum(
            (bad - loans * should[score]) ** 2 / (loans * should[score] * (1 - should[score]))
            for score, loans, bad in ((500, 1, 1), (600, 2, 1), (700, 2, 0))
        )
        assert found["chi_square"] == pytest.approx(chi, abs=1e-4)
        assert found["probability"] == pytest.approx(stats.chi2.sf(chi, 3), abs=1e-4)
        assert [one["bad"] for one in found["outcomes"][5:8]] == [1, 1, 0]
        assert found["outcomes"][6]["predicted"] == pytest.approx(should[600], abs=1e-6)

    def test_that_are_too_few_tell_nothing(self, card, application):
        a_year(application, business_date())

        found = figures_of(card)

        assert (found["loans"], found["gini"], found["chi_square"]) == (5, None, None)

    def test_count_in_the_year_in_which_their_window_ends(self, card, application):
        today = business_date()
        decided(application, [650], on=months_after(today, -24))
        for ends in (months_after(today, -12), today + timedelta(days=1), today):
            judged(650, is_bad=True, decided_on=today, window_ends=ends)

        assert figures_of(card)["loans"] == 1

    def test_of_the_reference_are_what_a_fall_is_measured_by(self, card, application):
        begins = months_after(business_date(), -8)
        for score, is_bad in ((500, True), (700, False)):
            judged(score, is_bad=is_bad, decided_on=begins, window_ends=business_date())

        assert figures_of(card, LEAST_LOANS=2, LEAST_BAD=1)["reference_gini"] == 1


class TestTheAnswers:
    def test_are_counted_as_they_stand(self, card, application):
        """One of the 20 refusals was overridden: 81 approved, 19 refused; 1 against 100."""
        a_year(application, business_date())
        refusal = CreditDecision.objects.get(application=application, number=181)
        decision_on(application, number=300, overrides=refusal, why="A person says so")

        found = figures_of(card)

        assert (found["approved"], found["refused"], found["referred"]) == (81, 19, 0)
        assert (found["overrides"], found["rules_answers"]) == (1, 100)
        born = application.customer.date_of_birth
        years = business_date().year - born.year - 1  # Or a year more, after the birthday.
        mine = [one for one in found["ages"] if one["approved"]]
        assert len(mine) == 1 and mine[0]["first"] <= years + 1
        assert (mine[0]["approved"], mine[0]["refused"]) == (81 + 100 + 5, 19)

    def test_left_to_a_person_are_no_override(self, card, application):
        today = business_date()
        first = decision_on(application, result="REFERRED", score=550, on=today)
        decision_on(application, number=2, overrides=first, why="A person says so", on=today)

        found = figures_of(card)

        assert (found["overrides"], found["rules_answers"], found["approved"]) == (0, 0, 1)


class TestAMonthEnd:
    def test_keeps_the_figures_once(self, card, application):
        day = business_date()
        a_year(application, day)

        assert monitoring.keep_month(day=day, at=timezone.now()) == 1
        assert monitoring.keep_month(day=day, at=timezone.now()) == 0

        row = CardMonth.objects.get()
        assert (row.scorecard, row.figures) == (card, figures_of(card))
        assert row.terms["PSI_WATCH"] == "0.100000"
        assert queries.month_on(card, on=day).is_kept
        assert [one.on for one in queries.months_of(card, on=day, most=3)] == [day]
        running = queries.months_of(card, on=day + timedelta(days=1), most=3)
        assert [one.is_kept for one in running] == [False, True]


def quiet():
    """A month without alarms."""
    return {
        "psi": 0.05, "characteristics": [{"name": "bureau", "csi": 0.0999}], "gini": 0.5,
        "reference_gini": 0.55, "probability": 0.4, "overrides": 1, "rules_answers": 10,
        "loans": 100, "bad": 10, "override_loans": 20, "override_bad": 2,
        "ages": [{"approved": 80, "refused": 20}, {"approved": 19, "refused": 6}],
    }  # fmt: skip


class TestAlarms:
    @pytest.mark.parametrize(
        ("changed", "code", "level", "value"),
        [
            ({}, "", "", 0),
            ({"psi": 0.1}, "PSI", "WATCH", 0.1),
            ({"psi": 0.25}, "PSI", "WATCH", 0.25),
            ({"psi": 0.251}, "PSI", "ALARM", 0.251),
            ({"characteristics": [{"name": "bureau", "csi": 0.3}]}, "CSI", "ALARM", 0.3),
            ({"gini": 0.299, "reference_gini": None}, "GINI", "ALARM", 0.299),
            # 0.5 is 20.6% less than 0.63, and 20% less than 0.625.
            ({"reference_gini": 0.63}, "GINI_DROP", "ALARM", 20.634921),
            ({"reference_gini": 0.625}, "", "", 0),
            ({"probability": 0.049}, "FIT", "ALARM", 0.049),
            ({"overrides": 2}, "OVERRIDE", "ALARM", 20),
            # 6 of 20 are 30%, the other 14 of 80 17.5%: 1.714 times.
            ({"override_bad": 6, "bad": 20}, "OVERRIDE_BAD", "ALARM", 1.714286),
            # 80% and 15 of 25, which is 60%: 0.75.
            ({"ages": [{"approved": 80, "refused": 20}, {"approved": 15, "refused": 10}]},
             "FAIR", "ALARM", 0.75),
            ({"ages": [{"approved": 80, "refused": 20}, {"approved": 1, "refused": 18}]},
             "", "", 0),
        ],
    )  # fmt: skip
    def test_are_raised_at_their_bounds(self, changed, code, level, value):
        found = alarms.of(quiet() | changed, queries.terms_on(business_date()))

        told = [(one["code"], one["level"], one["value"]) for one in found]
        assert told == ([(code, level, pytest.approx(value, abs=1e-6))] if code else [])
