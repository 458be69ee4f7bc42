"""
The measures against scipy and scikit-learn, and a worked example by hand; counts are drawn from a
seed, with many ties.
"""

import random
from math import log

import pytest
from scipy import special, stats
from sklearn import metrics

from lending.monitoring import measures
from lending.monitoring.measures import Group

FLOOR = 0.0001


def drawn(seed, *, middle, spread, count):
    """Scores of a thousand in steps of five, as cards give them."""
    chance = random.Random(seed)
    return [min(max(round(chance.gauss(middle, spread) / 5) * 5, 0), 1000) for _ in range(count)]


def counted(scores):
    return {score: scores.count(score) for score in set(scores)}


class TestStability:
    def test_of_a_worked_example(self):
        """
        Shares of 20, 50 and 30% that become 30, 50 and 20%: 0.1 ln 1.5 + 0 + -0.1 ln (2/3), which
        is 0.2 ln 1.5 = 0.0811.
        """
        found = measures.stability([20, 50, 30], [60, 100, 40], least_share=FLOOR)

        assert found.index == pytest.approx(0.2 * log(1.5)) == pytest.approx(0.0811, abs=5e-5)
        assert found.parts == pytest.approx([0.1 * log(1.5), 0, 0.1 * log(1.5)])

    def test_is_the_relative_entropy_both_ways(self):
        """scipy.special.rel_entr of the shares in both directions, summed."""
        before = [4, 18, 77, 160, 230, 250, 141, 80, 30, 10]
        now = [9, 30, 99, 90, 80, 60, 40, 9, 3, 1]
        a = [one / sum(now) for one in now]
        e = [one / sum(before) for one in before]

        found = measures.stability(before, now, least_share=FLOOR)

        wanted = sum(special.rel_entr(a, e)) + sum(special.rel_entr(e, a))
        assert found.index == pytest.approx(wanted)

    def test_counts_an_empty_band_by_the_floor(self):
        """Of 100 none was in the second band, now all are: twice 0.9999 ln 9999.."""
        found = measures.stability([100, 0], [0, 100], least_share=FLOOR)

        assert found.index == pytest.approx(2 * (1 - FLOOR) * log(1 / FLOOR))

    def test_of_nothing_is_none(self):
        assert measures.stability([0, 0], [1, 2], least_share=FLOOR) is None
        assert measures.stability([1, 2], [0, 0], least_share=FLOOR) is None

    def test_of_two_draws_from_one_spread_is_what_chance_makes(self):
        """200 draws of 60 against 200 over five bands: on average 4 (1/60 + 1/200) = 0.0867."""
        chance, found = random.Random(7), []
        shares = [0.2] * 5
        for _ in range(200):
            before, now = (
                [chance.choices(range(5), shares, k=size).count(band) for band in range(5)]
                for size in (200, 60)
            )
            found.append(measures.stability(before, now, least_share=FLOOR).index)

        assert measures.by_chance([40] * 5, [12] * 5) == pytest.approx(0.08667, abs=1e-5)
        assert sum(found) / len(found) == pytest.approx(0.08667, rel=0.15)


class TestSeparation:
    @pytest.mark.parametrize("seed", [1, 2])
    def test_is_what_scikit_learn_and_scipy_find(self, seed):
        good = drawn(seed, middle=680, spread=90, count=400)
        bad = drawn(seed + 50, middle=590, spread=100, count=37)

        found = measures.separation(counted(good), counted(bad))

        auc = metrics.roc_auc_score([1] * len(good) + [0] * len(bad), good + bad)
        apart = stats.ks_2samp(bad, good)
        assert found.auc == pytest.approx(auc)
        assert found.gini == pytest.approx(2 * auc - 1)
        assert found.ks == pytest.approx(apart.statistic)
        assert found.ks_score == apart.statistic_location

    def test_of_a_worked_example_with_ties(self):
        """
        Bad at 500 and 600, good at 600, 700, 700. Of six pairs the good is above in five and level
        in one: AUC 5.5 / 6. Up to 600 are all the bad and a third of the good: KS 2 / 3.
        """
        found = measures.separation({600: 1, 700: 2}, {500: 1, 600: 1})

        assert found.auc == pytest.approx(5.5 / 6)
        assert found.gini == pytest.approx(2 * 5.5 / 6 - 1)
        assert (found.ks, found.ks_score) == (pytest.approx(2 / 3), 600)

    def test_needs_good_and_bad(self):
        assert measures.separation({600: 3}, {}) is None
        assert measures.separation({}, {600: 3}) is None

    def test_of_a_score_that_knows_nothing_is_none(self):
        assert measures.separation({600: 5}, {600: 2}).gini == 0


class TestFit:
    def test_of_a_worked_example(self):
        """
        Of 100 loans 5% should go bad and 8 did: 3² / (100 x 0.05 x 0.95) = 1.8947; of 50 20% should
        and 10 did: 0. Two bands: scipy.stats.chi2.sf(1.8947, 2) = 0.3878.
        """
        found = measures.fit([Group(100, 8, 0.05), Group(50, 10, 0.2), Group(0, 0, 0.0)])

        assert found.chi_square == pytest.approx(9 / 4.75)
        assert found.freedom == 2
        assert found.probability == pytest.approx(stats.chi2.sf(9 / 4.75, 2))

    @pytest.mark.parametrize("freedom", range(1, 11))
    def test_has_the_tail_of_chi_square(self, freedom):
        for value in (0, 0.3, 2.5, 7.81, 18.3, 60):
            wanted = stats.chi2.sf(value, freedom)
            assert measures.chi_square_tail(value, freedom) == pytest.approx(wanted)

    def test_of_no_loans_is_none(self):
        assert measures.fit([Group(0, 0, 0.1)]) is None


def test_the_fraction_that_goes_bad_doubles_its_odds_every_sixty_points():
    """By the logistic function of scipy: at 600 -4.909 + 0.011552 x 600 = 2.0222."""
    at = [measures.default_fraction(score, base=-4.909, per_point=0.011552) for score in (540, 600)]

    assert at[1] == pytest.approx(special.expit(-2.0222)) == pytest.approx(0.1169, abs=5e-5)
    assert at[0] / (1 - at[0]) == pytest.approx(2 * at[1] / (1 - at[1]), rel=1e-4)
