"""Cards of points: the founding cards, worked examples of the credit policy, and bad cards."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from lending.scoring import cards, queries
from lending.scoring.models import Scorecard
from wekeza.kit.dated import NoSuchTerm

DAY = date(2026, 11, 20)
CARDS = json.loads((Path(__file__).parents[1] / "data" / "cards.json").read_text())
# kenya.md 4.5: tier 1, clean bureau, one deposit of 50,000 still held, own phone, self-employed,
# asks for 5,000.
NEWCOMER = {
    "kyc_tier": "TIER_1", "bureau": "CLEAN", "deposits_30_days": 1,
    "deposits_to_amount": Decimal(10), "held_after_48_hours_percent": 100,
    "phone_is_theirs": "YES", "employment": "SELF_EMPLOYED",
}  # fmt: skip


class TestTheFoundingCards:
    @pytest.mark.proves("RF02")
    @pytest.mark.parametrize("name", sorted(CARDS))
    def test_give_a_thousand_at_most_and_nothing_at_least(self, name):
        best = {one["name"]: max(one["rows"], key=lambda row: row[1])[0] for one in CARDS[name]}

        assert cards.score(CARDS[name], best).total == 1000
        nothing = cards.score(CARDS[name], {})
        assert 0 <= nothing.total < 150
        cards.check(CARDS[name])

    @pytest.mark.parametrize(
        ("other", "total"),
        [
            ({}, 735),
            ({"held_after_48_hours_percent": 0}, 635),
            ({"held_after_48_hours_percent": 0, "bureau": "THIN"}, 575),
        ],
    )
    def test_score_newcomers_as_the_policy_works_them_out(self, other, total):
        assert cards.score(CARDS["NEWCOMER"], NEWCOMER | other).total == total

    def test_score_a_salaried_customer(self):
        """By hand: 75+70+110+90+110+130+90+50+60+50+30."""
        facts = {
            "tenure_months": 14, "kyc_tier": "TIER_3", "monthly_inflow": Decimal("60000.00"),
            "months_with_inflow": 6, "debt_service_percent": Decimal("24.50"),
            "repayment": "CLEAN", "bureau": "CLEAN", "bureau_enquiries": 1,
            "employment": "PERMANENT", "months_above_1000": 6, "failed_debits": 0,
        }  # fmt: skip

        assert cards.score(CARDS["RETAIL"], facts).total == 865

    @pytest.mark.proves("RF07")
    def test_see_the_sector_of_two_businesses_with_one_turnover(self):
        facts = {
            "years_trading": 4, "evidence": "VAT_RETURNS", "turnover_here_percent": 45,
            "turnover_trend_percent": 5, "dscr": Decimal("1.8"), "bureau": "CLEAN",
            "repayment": "NONE", "bounced_items": 0, "largest_customer_percent": 40,
            "security_percent": 0,
        }  # fmt: skip

        ict, rain = (
            cards.score(CARDS["BUSINESS"], facts | {"sector": sector}).total
            for sector in ("ICT", "AGRICULTURE_RAIN_FED")
        )

        # 80+60+80+70+120+75+60+60+25+0 = 630, and 100 or 20 for the sector.
        assert (ict, rain) == (730, 650)

    @pytest.mark.parametrize(
        ("name", "characteristic", "fact", "points"),
        [
            ("RETAIL", "tenure_months", 2, 0), ("RETAIL", "tenure_months", 3, 25),
            ("RETAIL", "tenure_months", 23, 75), ("RETAIL", "tenure_months", 24, 100),
            ("RETAIL", "debt_service_percent", 20, 140),
            ("RETAIL", "debt_service_percent", Decimal("20.01"), 110),
            ("RETAIL", "debt_service_percent", Decimal("50.01"), 0),
            ("RETAIL", "bureau_enquiries", 7, 0), ("RETAIL", "failed_debits", 2, 0),
            ("NEWCOMER", "held_after_48_hours_percent", Decimal("19.99"), 0),
            ("NEWCOMER", "held_after_48_hours_percent", 20, 60),
            ("NEWCOMER", "held_after_48_hours_percent", 60, 60),
            ("NEWCOMER", "held_after_48_hours_percent", 61, 100),
            ("BUSINESS", "dscr", Decimal("1.19"), 20), ("BUSINESS", "dscr", Decimal("0.99"), 0),
            ("BUSINESS", "turnover_trend_percent", -20, 40),
            ("BUSINESS", "turnover_trend_percent", -21, 0),
            ("BUSINESS", "turnover_trend_percent", 20, 70),
            ("BUSINESS", "turnover_trend_percent", 21, 90),
            ("BUSINESS", "largest_customer_percent", 30, 25),
            ("BUSINESS", "largest_customer_percent", 61, 0),
            ("BUSINESS", "security_percent", 0, 0), ("BUSINESS", "security_percent", 49, 10),
        ],
    )  # fmt: skip
    def test_change_at_their_bounds(self, name, characteristic, fact, points):
        found = cards.score(CARDS[name], {characteristic: fact})

        assert {one.points for one in found.points if one.name == characteristic} == {points}

    def test_ask_for_nothing_that_may_not_count(self):
        asked = {one["name"] for card in CARDS.values() for one in card}

        assert not asked & {"gender", "ethnicity", "religion", "marital_status", "health", "county"}


class TestReasons:
    def test_are_what_cost_most_the_heaviest_first(self):
        found = cards.score(CARDS["NEWCOMER"], NEWCOMER | {"held_after_48_hours_percent": 0})

        assert [(one.name, one.lost) for one in found.reasons()] == [
            ("kyc_tier", 140), ("held_after_48_hours_percent", 100), ("deposits_30_days", 80),
        ]  # fmt: skip

    def test_are_none_where_nothing_was_lost(self):
        card = [{"name": "a", "rule": "IS", "rows": [["X", 1000], [None, 0]]}]

        assert cards.score(card, {"a": "X"}).reasons() == []


class TestABadCard:
    GOOD = {"name": "a", "rule": "AT_LEAST", "rows": [[2, 1000], [1, 500], [None, 0]]}

    @pytest.mark.parametrize(
        ("characteristics", "words"),
        [
            ([], "list of characteristics"),
            ({"a": 1}, "list of characteristics"),
            ([GOOD, GOOD], "name of its own"),
            ([GOOD | {"name": ""}], "name of its own"),
            ([GOOD | {"rule": "LIKE"}], "the rule is one of"),
            ([GOOD | {"rows": [[2, 1000]]}], "only that, has no bound"),
            ([GOOD | {"rows": [[None, 0], [2, 1000]]}], "only that, has no bound"),
            ([GOOD | {"rows": [[1, 500], [2, 1000], [None, 0]]}], "bounds go down"),
            ([GOOD | {"rule": "AT_MOST"}], "bounds go up"),
            ([GOOD | {"rows": [["two", 1000], [None, 0]]}], "bounds are numbers"),
            ([GOOD | {"rows": [[2, 1000.5], [None, 0]]}], "whole and not negative"),
            ([GOOD | {"rows": [[2, 1000], [None, -1]]}], "whole and not negative"),
            ([GOOD | {"rows": [[2, 999], [None, 0]]}], "999 points at most; it must be 1000"),
            ([GOOD | {"rows": [2, 1]}], "a bound and its points"),
            ([{"name": "a", "rule": "IS", "rows": [["X", 1000], ["X", 1], [None, 0]]}], "once"),
        ],
    )
    def test_is_refused_with_what_is_wrong(self, characteristics, words):
        with pytest.raises(ValidationError, match=words):
            Scorecard(card="RETAIL", version=2, characteristics=characteristics).clean()

    def test_compares_no_words_with_numbers(self):
        with pytest.raises(cards.BadCard, match="compares numbers"):
            cards.score([self.GOOD], {"a": "many"})


@pytest.mark.django_db
class TestTheCardInForce:
    @pytest.mark.parametrize("name", sorted(CARDS))
    def test_is_the_founding_one(self, name):
        found = queries.card_on(name, on=DAY)

        assert found.model_version == f"{name} 1"
        assert found.characteristics == CARDS[name]

    def test_is_named_when_there_is_none(self):
        with pytest.raises(NoSuchTerm, match="card RETAIL on 2020"):
            queries.card_on("RETAIL", on=date(2020, 1, 1))
