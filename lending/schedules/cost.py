"""What a loan costs in a year: the rate at which everything paid is worth what was received."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from ledger.money import Money

DIGITS = Decimal("0.1")  # Of a disclosed percentage.
EXACT = Decimal("1e-16")
MOST = Decimal(1000)  # A hundred thousand percent: beyond it a loan is no loan.
MONTHS, DAYS = 12, 365  # Units of time, by how many make a year.


@dataclass(frozen=True, slots=True)
class Flow:
    """Money that the customer gets (positive) or pays (negative), so many units of time after."""

    at: int
    money: Money


@dataclass(frozen=True, slots=True)
class YearlyCost:
    """
    The yearly cost in percent, fees and excise in it: `apr` is the rate of a period times the
    periods of a year, `effective` the rate with interest on interest (kenya.md 4.4; decision 36).
    """

    apr: Decimal
    effective: Decimal


class NoSuchRate(ValueError):
    """No yearly rate makes these flows equal: the customer pays nothing, or pays first."""


def yearly_cost(flows: Iterable[Flow], *, unit: int, periods_a_year: Decimal) -> YearlyCost:
    """
    This will work out the yearly cost of a loan from all that the customer gets and pays, to a
    tenth of a percent: the root x of sum(CF / (1+x)^(time in years)), found over a unit's discount.
    `unit` is MONTHS for a contract of equal months, DAYS for one that counts days.

    :raises NoSuchRate: if there is none between nothing and a hundred thousand percent.
    """
    rows = [(flow.at, flow.money.amount) for flow in flows]
    if not rows or sum(amount for at, amount in rows if at == 0) <= 0:
        raise NoSuchRate("money comes before it is paid back")
    with localcontext() as context:
        context.prec = 40
        effective = _discount(rows, least=(1 + MOST) ** (Decimal(-1) / unit)) ** -unit - 1
        period = (1 + effective) ** (1 / periods_a_year) - 1
        return YearlyCost(_percent(period * periods_a_year), _percent(effective))


def _discount(flows: list[tuple[int, Decimal]], *, least: Decimal) -> Decimal:
    """
    What a shilling of one unit later is worth now, so that all flows together are worth nothing.
    The less it is, the less what is paid back is worth: there is one root at most, and halving
    finds it.
    """
    low, high = least, Decimal(1)
    if _worth(flows, high) > 0 or _worth(flows, low) < 0:
        raise NoSuchRate("no rate makes them equal")
    while high - low > EXACT:
        middle = (low + high) / 2
        if _worth(flows, middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _worth(flows: list[tuple[int, Decimal]], discount: Decimal) -> Decimal:
    return sum((amount * discount**at for at, amount in flows), Decimal(0))


def _percent(rate: Decimal) -> Decimal:
    return (rate * 100).quantize(DIGITS, ROUND_HALF_UP)
