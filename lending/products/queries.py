"""What the bank lends on a day, and at which prices."""

import logging
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from lending.products.models import GradePrice, LoanProduct, LoanTerm, SectorTerm, Segment
from wekeza.kit.dated import NoSuchTerm

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Price:
    """One rate of a product: the whole of it, or that of a grade (from a score) or a sector."""

    key: str
    percent: Decimal
    from_score: int | None = None
    sector: SectorTerm | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A product on a day: its terms and its prices, the lowest first."""

    product: LoanProduct
    term: LoanTerm
    prices: list[Price]

    @property
    def lowest(self) -> Decimal:
        return self.prices[0].percent

    @property
    def highest(self) -> Decimal:
        return self.prices[-1].percent

    def price(self, key: str) -> Price:
        """This will give the price of a key; the highest, if there is none such."""
        return next((price for price in self.prices if price.key == key), self.prices[-1])


def all_products() -> QuerySet[LoanProduct]:
    """This will give every product that there is, lent or not, in their order."""
    return LoanProduct.objects.order_by("place")


def offers(*, on: date) -> list[Offer]:
    """
    This will give every product that is lent on a day, in their order. One whose terms have a gap
    is left out and told of in the log: it must not shut the others.
    """
    terms = _latest(LoanTerm.objects.on(on).select_related("product"), "product_id")
    sectors, grades = _latest(SectorTerm.objects.on(on), "sector"), {}
    for row in _latest(GradePrice.objects.on(on), "product_id", "from_score"):
        grades.setdefault(row.product_id, []).append(row)
    found = []
    for term in sorted(terms, key=lambda term: term.product.place):
        if prices := _prices(term, grades.get(term.product_id, []), sectors):
            found.append(Offer(term.product, term, prices))
        else:
            log.error("%s is not lent: it has no price on %s", term, on)
    return found


def offer(code: str, *, on: date) -> Offer:
    """
    This will give one product as it is lent on a day.

    :raises NoSuchTerm: if it is not lent.
    """
    for one in offers(on=on):
        if one.product.code == code:
            return one
    raise NoSuchTerm(f"{code} is not lent on {on}")


def _prices(term: LoanTerm, grades: list[GradePrice], sectors: list[SectorTerm]) -> list[Price]:
    if term.percent is None:
        found = [
            Price(str(row.from_score), row.percent, from_score=row.from_score) for row in grades
        ]
    elif term.product.segment == Segment.BUSINESS:
        found = [Price(row.sector, term.percent + row.adds_percent, sector=row) for row in sectors]
    else:
        found = [Price("", term.percent)]
    return sorted(found, key=lambda price: price.percent)


def _latest(rows, *fields: str) -> list:
    """Of rows with the latest start first, the first of each, where that one is still lent."""
    first = {}
    for row in rows:
        first.setdefault(tuple(getattr(row, name) for name in fields), row)
    return [row for row in first.values() if row.is_lent]
