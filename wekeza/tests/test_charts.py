"""Charts tell the truth: they start at zero, fit their ground, and their lines are round."""

from decimal import Decimal

from wekeza.kit import charts

MONTH = [
    ("1–7", Decimal(20000), Decimal(9600)),
    ("8–14", Decimal(4400), Decimal(11210)),
    ("15–21", Decimal(55000), Decimal(13740)),
]


class TestPairBars:
    def test_heights_are_in_proportion_from_zero(self):
        chart = charts.pair_bars(MONTH)

        heights = [Decimal(bar.height) for bar in chart.bars if bar.series == 1]
        assert abs(heights[0] / heights[2] - Decimal(20000) / Decimal(55000)) < Decimal("0.01")
        assert {Decimal(bar.y) + Decimal(bar.height) for bar in chart.bars} == {108}

    def test_lines_are_round_and_reach_above_the_highest(self):
        assert [rule.text for rule in charts.pair_bars(MONTH).rules] == ["0", "20k", "40k", "60k"]

    def test_bars_stay_on_their_ground_and_apart(self):
        bars = charts.pair_bars([("x", Decimal(5), Decimal(5))] * 5).bars

        ends = [(Decimal(bar.x), Decimal(bar.x) + Decimal(bar.width)) for bar in bars]
        assert ends[0][0] >= 28
        assert ends[-1][1] <= 318
        assert all(one[1] < other[0] for one, other in zip(ends, ends[1:], strict=False))

    def test_nothing_moved_is_no_chart(self):
        assert charts.pair_bars([("1–7", Decimal(0), Decimal(0))]) is None
        assert charts.pair_bars([]) is None

    def test_large_amounts_are_short_on_the_axis(self):
        assert charts.thousands(Decimal(1_500_000)) == "1.5m"
        assert charts.thousands(Decimal(500)) == "500"


class TestAScoreBar:
    def test_reaches_as_far_as_the_score_and_marks_the_cut_off(self):
        bar = charts.score_bar(500, 601, whole=1000, word="601")

        assert (bar.reach, bar.cut, bar.anchor) == ("160", "192.3", "middle")
        assert (bar.word.x, bar.word.text) == ("192.3", "601")

    def test_keeps_the_word_of_its_cut_off_on_its_ground(self):
        anchors = [charts.score_bar(0, cut, whole=1000, word="x").anchor for cut in (10, 500, 990)]

        assert anchors == ["start", "middle", "end"]


class TestLevelBars:
    def test_stand_under_the_bounds_in_proportion_from_zero(self):
        """A ground of 96 for 0.25 and a tenth more: 0.25 is 87.3 high, 0.1 is 34.9."""
        levels = [("0.10", Decimal("0.1")), ("0.25", Decimal("0.25"))]

        chart = charts.level_bars([("Jan", Decimal("0.1")), ("Feb", None)], levels)

        assert [(bar.height, bar.y) for bar in chart.bars] == [("34.9", "73.1")]
        assert [(line.text, line.y) for line in chart.levels] == [
            ("0", "108"), ("0.10", "73.1"), ("0.25", "20.7"),
        ]  # fmt: skip
        assert [label.text for label in chart.labels] == ["Jan", "Feb"]

    def test_of_no_figure_are_no_chart(self):
        assert charts.level_bars([("Jan", None)], []) is None
        assert charts.level_bars([], []) is None
