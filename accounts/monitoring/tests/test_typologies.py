"""
The rules against worked figures: just below, at and above every parameter. The figures are worked
by hand from kenya.md 7.5.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest

from accounts.monitoring import typologies
from accounts.monitoring.refusals import BadParameters
from accounts.monitoring.typologies import History, Movement

ACCOUNT = 7
# Monday 2 November 2026, nine in the morning in Nairobi.
MONDAY = datetime(2026, 11, 2, 6, tzinfo=UTC)
OPENED = datetime(2026, 10, 1, tzinfo=UTC)
STRUCTURING = {
    "thresholds": ["1000000"], "from_percent": "70", "to_percent": "99", "least_count": 3,
    "days": 5, "sum_hours": 24, "kinds": ["CASH_DEPOSIT"],
}  # fmt: skip
PASS = {"least_in": "200000", "out_percent": "85", "hours": 24, "least_count": 2, "days": 30}
DORMANT = {
    "quiet_days": 365, "least_out": "100000", "days": 7,
    "own_in": ["CASH_DEPOSIT"], "bank_out": ["FEE"],
}  # fmt: skip
_ids = count(1)


def moved(amount, *, days=0, hours=0, kind="CASH_DEPOSIT", way="in", **facts):
    at = MONDAY + timedelta(days=days, hours=hours)
    return Movement(next(_ids), ACCOUNT, at, way, Decimal(amount), kind, **facts)


def sent(amount, **facts):
    return moved(amount, **{"kind": "INTERNAL_TRANSFER", "way": "out"} | facts)


def found(code, parameters, *rows, quiet_since=OPENED, **changed):
    rule = typologies.read(code, parameters | changed)
    return typologies.look(rule, History(list(rows), {ACCOUNT: quiet_since}))


class TestStructuring:
    def look(self, *rows, **changed):
        return found("STRUCTURING", STRUCTURING, *rows, **changed)

    def test_finds_the_third_deposit_just_below_the_threshold(self):
        rows = [moved("990000"), moved("700000", days=2), moved("850000", days=4)]

        [one] = self.look(*rows)

        assert one.by == rows[2] and one.rows == tuple(rows) and one.window_start == MONDAY
        assert one.figures == {
            "threshold": Decimal(1000000), "count": 3, "total": Decimal(2540000),
        }  # fmt: skip
        assert one.why == (
            "3 cash deposits of KES\u00a0700,000.00 to KES\u00a0990,000.00 each within 5 days, "
            "KES\u00a02,540,000.00 together: each is 70 to 99% of the threshold of "
            "KES\u00a01,000,000.00."
        )

    @pytest.mark.parametrize(
        ("third", "is_found"),
        [("699999.99", 0), ("700000", 1), ("990000", 1), ("990000.01", 0)],
    )
    def test_counts_from_70_to_99_percent_of_it(self, third, is_found):
        rows = [moved("800000"), moved("800000", days=2), moved(third, days=4)]

        assert len(self.look(*rows)) == is_found

    @pytest.mark.parametrize(("day", "is_found"), [(4, 1), (5, 0)])
    def test_looks_at_five_days_in_nairobi(self, day, is_found):
        rows = [moved("800000"), moved("800000", days=2), moved("800000", days=day)]

        assert len(self.look(*rows)) == is_found

    def test_begins_a_day_at_midnight_in_nairobi(self):
        # Six minutes each side of midnight in Nairobi: Friday is the fifth day from Monday only.
        before, after = moved("800000", hours=-9.1), moved("800000", hours=-8.9)
        rest = [moved("800000", days=2), moved("800000", days=4)]

        assert (f"{before.day}", f"{after.day}") == ("2026-11-01", "2026-11-02")
        assert self.look(before, *rest) == []
        assert len(self.look(after, *rest)) == 1

    @pytest.mark.parametrize(
        ("second", "is_found"), [("399999.99", 0), ("400000", 1), ("400000.01", 1)]
    )
    def test_adds_up_what_is_below_the_threshold_within_a_day(self, second, is_found):
        findings = self.look(moved("600000"), moved(second, hours=24))

        assert len(findings) == is_found

    def test_adds_up_24_hours_and_no_minute_more(self):
        assert self.look(moved("600000"), moved("600000", hours=24.02)) == []

    def test_leaves_alone_what_is_reported_anyway(self):
        assert self.look(moved("1000000"), moved("100"), moved("2500000")) == []

    def test_is_about_cash_that_comes_in(self):
        rows = [moved("800000", kind="MM_IN", hours=40 * day) for day in range(3)]
        rows += [sent("800000", kind="CASH_WITHDRAWAL", hours=40 * day) for day in range(3)]

        assert self.look(*rows) == []

    def test_finds_one_thing_by_one_deposit_however_many_thresholds(self):
        rows = [moved("990000"), moved("990000"), moved("990000")]

        findings = self.look(*rows, thresholds=["1935000", "1000000"])

        assert [one.by for one in findings] == rows[1:]
        assert {one.figures["threshold"] for one in findings} == {Decimal(1000000)}


class TestPassThrough:
    def look(self, *rows, **changed):
        return found("PASS_THROUGH", PASS, *rows, **changed)

    def twice(self, *, money_in="200000", out="170000", hours=24, days=29):
        return [
            moved("200000", kind="MM_IN"), sent("170000", hours=1),
            moved(money_in, kind="MM_IN", days=days), sent(out, days=days, hours=hours),
        ]  # fmt: skip

    def test_finds_the_second_time_within_thirty_days(self):
        rows = self.twice(days=28, hours=2)

        [one] = self.look(*rows)

        assert one.by == rows[3] and one.rows == tuple(rows)
        assert one.figures == {
            "count": 2, "money_in": Decimal(400000), "money_out": Decimal(340000),
        }  # fmt: skip
        assert "KES\u00a0400,000.00 came in, KES\u00a0340,000.00 of it left." in one.why

    @pytest.mark.parametrize(
        ("facts", "is_found"),
        [
            ({"money_in": "199999.99"}, 0),
            ({"money_in": "200000"}, 1),
            ({"out": "169999.99"}, 0),
            ({"out": "170000"}, 1),
            ({"hours": 24}, 1),
            ({"hours": 24.02}, 0),
            ({"days": 28, "hours": 23.9}, 1),
            ({"days": 29, "hours": 14.9}, 1),  # 23:54 in Nairobi on the thirtieth day.
            ({"days": 29, "hours": 15}, 0),  # Midnight: the thirty-first begins.
        ],
    )
    def test_just_below_at_and_above(self, facts, is_found):
        facts = {"days": 20, "hours": 2} | facts

        assert len(self.look(*self.twice(**facts))) == is_found

    def test_once_is_nothing(self):
        assert self.look(moved("900000"), sent("900000", hours=1)) == []

    def test_adds_up_many_small_payments_out(self):
        rows = [moved("200000"), *(sent("17000", hours=1 + n) for n in range(10))]
        rows += [moved("200000", days=3), *(sent("17000", days=3, hours=1 + n) for n in range(10))]

        [one] = self.look(*rows)

        assert one.by == rows[-1] and len(one.rows) == 22

    def test_counts_what_leaves_against_one_sum_only(self):
        # 170,000 out cannot be 85% of both.
        rows = [moved("200000"), moved("200000", hours=1), sent("170000", hours=2)]
        assert self.look(*rows) == []

        [one] = self.look(*rows, sent("200000", hours=3))
        assert one.figures["money_out"] == Decimal(370000)

    def test_leaves_alone_what_moves_between_ones_own_accounts(self):
        rows = [
            moved("200000"), sent("200000", hours=1, is_own=True),
            moved("200000", days=2), sent("200000", days=2, hours=1),
        ]  # fmt: skip

        assert self.look(*rows) == []


class TestDormantRevival:
    YEAR = MONDAY - timedelta(days=365)

    def look(self, *rows, since=YEAR, **changed):
        return found("DORMANT", DORMANT, *rows, quiet_since=since, **changed)

    def test_finds_what_leaves_a_dormant_account(self):
        rows = [moved("150000"), sent("60000", days=1), sent("40000", days=6)]

        [one] = self.look(*rows)

        assert one.by == rows[2] and one.rows == tuple(rows)
        assert one.figures == {"quiet_days": 365, "total": Decimal(100000)}
        assert one.why == (
            "The holder had moved nothing since 2 Nov 2025. Then KES\u00a0100,000.00 left the "
            "account within 7 days of 2 Nov 2026."
        )

    @pytest.mark.parametrize(
        ("amount", "is_found"), [("99999.99", 0), ("100000", 1), ("100000.01", 1)]
    )
    def test_from_the_least_sum_on(self, amount, is_found):
        assert len(self.look(sent(amount))) == is_found

    @pytest.mark.parametrize(("day", "is_found"), [(6, 1), (7, 0)])
    def test_within_seven_days(self, day, is_found):
        assert len(self.look(moved("5"), sent("100000", days=day))) == is_found

    @pytest.mark.parametrize(("seconds", "is_found"), [(0, 1), (1, 0)])
    def test_after_a_year_of_nothing(self, seconds, is_found):
        since = self.YEAR + timedelta(seconds=seconds)

        assert len(self.look(sent("100000"), since=since)) == is_found

    def test_is_not_woken_by_others_nor_by_the_bank(self):
        others = moved("500", kind="INTERNAL_TRANSFER", days=-100)
        fee = sent("50", kind="FEE", days=-90)

        assert len(self.look(others, fee, sent("100000"))) == 1

    def test_was_woken_by_its_holder(self):
        assert self.look(moved("500", days=-100), sent("100000")) == []

    def test_counts_nothing_that_goes_to_the_holder(self):
        assert self.look(sent("100000", is_own=True)) == []


class TestParameters:
    @pytest.mark.parametrize("code", ["STRUCTURING", "PASS_THROUGH", "DORMANT"])
    def test_are_read_and_written_alike(self, code):
        given = {"STRUCTURING": STRUCTURING, "PASS_THROUGH": PASS, "DORMANT": DORMANT}[code]

        assert typologies.written(typologies.read(code, given)) == given

    @pytest.mark.parametrize(
        ("code", "given", "why"),
        [
            ("PASS_THROUGH", PASS | {"more": 1}, "more missing or unknown"),
            ("PASS_THROUGH", {"days": 3}, "missing or unknown"),
            ("PASS_THROUGH", PASS | {"least_in": 200000}, "least_in cannot be 200000"),
            ("PASS_THROUGH", PASS | {"least_in": "NaN"}, "least_in cannot be 'NaN'"),
            ("PASS_THROUGH", PASS | {"least_in": "-1"}, "least_in"),
            ("PASS_THROUGH", PASS | {"days": "30"}, "days"),
            ("PASS_THROUGH", PASS | {"days": 0}, "days"),
            ("PASS_THROUGH", PASS | {"days": True}, "days"),
            ("PASS_THROUGH", PASS | {"out_percent": "101"}, "percentage"),
            ("STRUCTURING", STRUCTURING | {"from_percent": "99.5"}, "do not ascend"),
            ("STRUCTURING", STRUCTURING | {"least_count": 1}, "one deposit"),
            ("STRUCTURING", STRUCTURING | {"thresholds": []}, "needed"),
            ("STRUCTURING", STRUCTURING | {"thresholds": "1000000"}, "thresholds"),
            ("STRUCTURING", STRUCTURING | {"kinds": ["A;B"]}, "kinds"),
            ("DORMANT", DORMANT | {"quiet_days": 7}, "quiet time"),
            ("DORMANT", DORMANT | {"own_in": []}, "holder"),
        ],
    )
    def test_that_make_no_sense_are_refused(self, code, given, why):
        with pytest.raises(BadParameters) as refused:
            typologies.read(code, given)
        assert why in str(refused.value)
