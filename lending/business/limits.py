"""How much a business's figures carry, and how that is made (kenya.md 4.5)."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from ledger.money import Money
from lending.business.models import BusinessTerm, EvidenceTerm
from lending.business.told import Told
from lending.products.models import LoanTerm
from wekeza.kit.dated import NoSuchTerm

MONTHS = 12
Kind = BusinessTerm.Kind


@dataclass(frozen=True, slots=True)
class BusinessLimit:
    """
    The least of three: a percentage of the turnover of a year as far as sector and evidence let it
    count; what the earnings of `tenor` months pay `cover_percent` / 100 times over; and the most.
    """

    told: Told
    tenor: int
    percent: int
    evidence_factor: Decimal
    cover_percent: int
    most: Money

    @property
    def sector_factor(self) -> Decimal:
        return self.told.sector.turnover_factor

    @property
    def by_turnover(self) -> Money:
        """Down to the cent, as all three: never more than the rule gives."""
        part = self.told.turnover.amount * self.percent / 100
        return _down(part * self.sector_factor * self.evidence_factor)

    @property
    def by_earnings(self) -> Money:
        earned = self.told.ebitda.amount * self.tenor / MONTHS
        return _down(earned * 100 / self.cover_percent)

    @property
    def cover(self) -> Decimal:
        """How many times over earnings pay the principal: 1.2."""
        return Decimal(self.cover_percent) / 100

    @property
    def amount(self) -> Money:
        return min(self.by_turnover, self.by_earnings, self.most)

    @property
    def binds(self) -> str:
        """Which of the three it is: TURNOVER, EARNINGS or MOST."""
        if self.by_turnover == self.amount:
            return "TURNOVER"
        return "EARNINGS" if self.by_earnings == self.amount else "MOST"


def limit_of(told: Told, *, term: LoanTerm, tenor: int, on: date) -> BusinessLimit:
    """
    This will work out what a business may be lent for so many months. Without security there is a
    lower top than the product's own.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    numbers = BusinessTerm.numbers_on(on)
    most = term.most_amount
    if not told.is_secured:
        most = min(most, Decimal(numbers[Kind.UNSECURED_MOST]))
    return BusinessLimit(
        told=told,
        tenor=tenor,
        percent=numbers[Kind.TURNOVER_PERCENT],
        evidence_factor=factor_of(told.evidence, on=on),
        cover_percent=numbers[Kind.COVER_PERCENT],
        most=Money.rounded(most, "KES"),
    )


def factor_of(evidence: str, *, on: date) -> Decimal:
    """
    This will give what part of a turnover counts that is shown so.

    :raises NoSuchTerm: if nothing says.
    """
    row = EvidenceTerm.objects.on(on).filter(evidence=evidence).first()
    if row is None:
        raise NoSuchTerm(f"the factor of {evidence} on {on}")
    return row.factor


def _down(amount: Decimal) -> Money:
    return Money.rounded(amount, "KES", ROUND_DOWN)
