"""The judges of drills and benches find what they are there to find; the runs are by hand."""

from decimal import Decimal

import pytest

from wekeza.bench import cob as cob_bench
from wekeza.bench import ledger as ledger_bench
from wekeza.bench import loans as loans_bench
from wekeza.drills import cob, crash, plant
from wekeza.runtime import env

ASKED = {"t": "invoke", "key": "k1", "from": "A", "to": "B", "amount": "10.50"}
POSTED = [("A", "DEBIT", "10.50"), ("B", "CREDIT", "10.50")]
AFTER = {"A": Decimal("19989.50"), "B": Decimal("20010.50")}
BEFORE = {"A": Decimal(20_000), "B": Decimal(20_000)}


class TestTheCrashJudge:
    def judge(self, heard, entries, balances):
        story = [ASKED, {"t": heard, "key": "k1"}]
        return crash.compare(story, crash.outcomes(story), entries, balances)

    def test_finds_nothing_when_books_and_history_agree(self):
        assert self.judge("ok", {"k1": [POSTED]}, AFTER) == []
        assert self.judge("fail", {}, BEFORE) == []

    def test_finds_a_lost_transfer(self):
        assert "k1 ended ok and has 0 entries" in self.judge("ok", {}, BEFORE)

    def test_finds_a_doubled_one(self):
        assert self.judge("ok", {"k1": [POSTED, POSTED]}, AFTER) == [
            "k1 ended ok and has 2 entries"
        ]

    def test_finds_one_that_was_refused_and_stands(self):
        assert "k1 ended fail and has 1 entries" in self.judge("fail", {"k1": [POSTED]}, AFTER)

    def test_finds_another_amount_and_a_balance_that_is_off(self):
        other = [("A", "DEBIT", "10.51"), ("B", "CREDIT", "10.51")]
        off = AFTER | {"B": Decimal("20010.51")}

        amount, balance = self.judge("ok", {"k1": [other]}, off)

        assert amount.startswith("k1 was posted as")
        assert balance == "account B has 20010.51, must have 20010.50"

    def test_finds_what_nobody_knows_and_what_nobody_asked_for(self):
        assert self.judge("info", {"k2": [POSTED]}, BEFORE) == [
            "k1 is unknown", "an entry for k2, which nobody asked for",
        ]  # fmt: skip

    def test_reads_a_history_without_the_line_that_was_cut_off(self, tmp_path):
        history = tmp_path / "0.jsonl"
        history.write_text('{"t": "ok", "key": "k1"}\n{"t": "fa')

        assert crash.read(history) == [{"t": "ok", "key": "k1"}]

    def test_takes_its_size_from_flags(self):
        options = crash.options_of(["--transfers", "1000", "--kills", "6", "--seed", "3"])

        assert (options.transfers, options.kills, options.seed) == (1000, 6, 3)


class TestTheJudgeOfNights:
    def test_names_what_is_missing_and_what_is_too_much(self):
        must = {"payments": [("7", "1.00")], "holds": []}

        assert cob.differ(must, must) == []
        [words] = cob.differ(must, must | {"payments": [("7", "2.00")]})
        assert "missing [('7', '1.00')], too much [('7', '2.00')]" in words

    def test_sees_a_row_that_is_there_twice(self):
        row = ("7", "1.00")

        assert cob.differ({"payments": [row]}, {"payments": [row, row]})

    def test_takes_its_size_from_flags(self):
        assert cob.options_of(["--kills", "100"]).kills == 100


class TestPlants:
    def test_are_twenty_or_more_and_each_finds_its_place(self):
        found = plant.plants()

        assert len(found) >= 20
        for one in found:
            text = (env.ROOT / one.file).read_text()
            assert one.made_in(text) != text
            assert all((env.ROOT / test).exists() for test in one.tests)

    def test_change_a_function_when_they_are_in_sql(self):
        for one in plant.plants():
            if one.file.endswith(".sql"):
                was = (env.ROOT / one.file).read_text()
                changed = set(plant.functions(one.made_in(was))) - set(plant.functions(was))
                assert len(changed) == 1

    @pytest.mark.parametrize("text", ["nothing of it", "here here"])
    def test_refuse_a_text_that_has_moved_on(self, text):
        with pytest.raises(ValueError, match="times in f"):
            plant.Plant(name="x", file="f", find="here", put="there").made_in(text)


class TestBenches:
    def test_divide_bare_seconds_by_ours_round_by_round(self):
        seconds = {
            "insert": [1.0, 2.0, 9.0], "accrual": [2.0, 4.0, 9.0], "accrual_2w": [1.0, 4.0, 9.0],
            "bare": [3.0, 3.0, 3.0], "capitalise": [4.0, 4.0, 4.0],
        }  # fmt: skip

        assert cob_bench.ratios_of(seconds) == {
            "accrual_vs_insert": 0.5, "accrual_2w_vs_insert": 1.0, "capitalise_vs_bare": 0.75,
        }  # fmt: skip

    def test_compare_what_a_loan_costs_with_what_it_costs_in_a_tenth(self):
        few = {"earn": [1.0], "judge": [2.0, 2.0]}
        many = {"bare": [4.0, 6.0], "earn": [8.0, 12.0], "earn_2w": [5.0, 6.0], "judge": [25.0] * 4}

        found = loans_bench.ratios_of({1000: few, 10_000: many})

        assert found == {
            "loan_accrual_vs_insert": 0.5, "loan_accrual_2w_vs_insert": 0.9,
            "classify_1m_s": 2500.0, "per_loan_1m_vs_100k": 1.17,
        }  # fmt: skip
        assert cob_bench.misses("classify_1m_s", 121, 120)
        assert not cob_bench.misses("loan_accrual_vs_insert", 0.36, 0.35)

    def test_know_that_less_of_a_time_is_better(self):
        assert ledger_bench.is_worse("last_ten_10m_vs_1m", 1.6, 2)
        assert not ledger_bench.is_worse("last_ten_10m_vs_1m", 1.1, 3)
        assert ledger_bench.is_worse("batch_vs_tpcb", 2.9, 2)
