"""What a service costs on a day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.tariffs.models import ExciseRate, Tariff, TaxRate
from ledger.money import Money


class NoTariff(LookupError):
    """No price is in force for a service: a gap in the bank's own tables, so not a Refusal."""


@dataclass(frozen=True, slots=True)
class Fee:
    """A price as the customer pays it, and how it falls apart in the books: gross = net + duty."""

    gross: Money
    net: Money
    duty: Money


def fee_of(code: str, *, on: date, currency: str = "KES", most: Money | None = None) -> Fee:
    """
    This will give the price of a service on a day, excise inside (kenya.md 5.5), but not more than
    `most`, where no more is there to pay it.

    The net price is gross ÷ (1 + rate), rounded half up to the coin; the duty is the rest, so that
    both always sum to what the customer pays.
    """
    tariff = Tariff.objects.on(on).filter(code=code, currency=currency).first()
    if tariff is None:
        raise NoTariff(f"{code} has no price on {on}")
    gross = Money.rounded(tariff.amount, currency)
    return split(gross if most is None else min(gross, most), tariff.excise_class, on=on)


def tax_on(kind: str, *, on: date) -> Decimal:
    """This will give the tax that the bank keeps back from a kind of income, in percent."""
    rate = TaxRate.objects.on(on).filter(kind=kind).first()
    if rate is None:
        raise NoTariff(f"{kind} has no rate on {on}")
    return rate.rate_percent


def split(gross: Money, excise_class: str, *, on: date) -> Fee:
    """This will take the excise of a day out of a price that contains it."""
    if not gross:
        return Fee(gross, gross, gross)
    rate = ExciseRate.objects.on(on).filter(excise_class=excise_class).first()
    if rate is None:
        raise NoTariff(f"{excise_class} has no excise rate on {on}")
    net = Money.rounded(gross.amount / (1 + rate.rate_percent / 100), gross.currency)
    return Fee(gross, net, gross - net)
