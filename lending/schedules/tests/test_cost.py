"""The yearly cost of a loan: published figures, and numpy-financial's root finder."""

from decimal import Decimal
from math import ceil

import numpy_financial
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.money import kes
from lending.schedules.cost import DAYS, MONTHS, Flow, NoSuchRate, yearly_cost

TWELVE = Decimal(12)


def monthly(received, payment, months):
    flows = [Flow(0, kes(received)), *(Flow(n, kes(f"-{payment}")) for n in range(1, months + 1))]
    return yearly_cost(flows, unit=MONTHS, periods_a_year=TWELVE)


class TestPublishedFigures:
    """kenya.md 4.4 and decision 36."""

    @pytest.mark.parametrize(
        ("received", "payment", "apr", "effective"),
        [
            ("98000", "9025.83", "18.9", "20.6"),  # A fee of 2% was kept back.
            ("100000", "9583.33", "26.6", "30.1"),  # Flat.
            ("100000", "9025.83", "15.0", "16.1"),
        ],
    )
    def test_of_a_hundred_thousand_over_twelve_months(self, received, payment, apr, effective):
        cost = monthly(received, payment, 12)

        assert (cost.apr, cost.effective) == (Decimal(apr), Decimal(effective))

    def test_of_thirty_days_at_five_percent(self):
        flows = [Flow(0, kes("5000")), Flow(30, kes("-5250"))]

        cost = yearly_cost(flows, unit=DAYS, periods_a_year=Decimal(365) / 30)

        assert (cost.apr, cost.effective) == (Decimal("60.8"), Decimal("81.1"))


class TestAgainstNumpyFinancial:
    @given(
        received=st.integers(1_000, 5_000_000),
        percent=st.integers(0, 40),
        months=st.integers(1, 300),
    )
    def test_is_their_rate(self, received, percent, months):
        payment = ceil(received * (100 + percent) / months) / 100

        cost = monthly(str(received), str(payment), months)

        theirs = numpy_financial.rate(months, -payment, received, 0, guess=0.01)
        if theirs == theirs:  # Theirs gives up now and then (NaN); ours halves until it is there.
            assert float(cost.apr) == pytest.approx(theirs * 1200, abs=0.0501)


class TestNoRate:
    @pytest.mark.parametrize(
        "flows",
        [
            [],
            [Flow(0, kes("-1")), Flow(1, kes("2"))],
            [Flow(0, kes("100")), Flow(1, kes("-99"))],
            [Flow(0, kes("100"))],
        ],
    )
    def test_is_said(self, flows):
        with pytest.raises(NoSuchRate):
            yearly_cost(flows, unit=MONTHS, periods_a_year=TWELVE)
