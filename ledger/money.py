"""Money: an amount of one currency. The only place where the bank rounds and reads amounts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from wekeza.kit.errors import Refusal

ROUNDING = ROUND_HALF_UP  # The one place the bank says how it rounds.

# Decimals of the coin, ISO 4217. The currency table carries the same figures; a test compares them.
EXPONENT = {
    "KES": 2,
    "USD": 2,
    "EUR": 2,
    "GBP": 2,
    "UGX": 0,
    "TZS": 2,
    "RWF": 0,
    "ZAR": 2,
    "NGN": 2,
    "GHS": 2,
}

# The books keep numeric(20,4): sixteen digits before the point. One digit is left to the sums.
LARGEST_INPUT = Decimal("999999999999.99")


class BadAmount(Refusal):
    """What was typed is not an amount of money that can be used."""

    code = "bad_amount"
    status = 422
    text = _("Enter the amount in shillings, like 5,000 or 5,000.50")


class AmbiguousAmount(BadAmount):
    code = "ambiguous_amount"
    text = _("Is that {whole} or {fraction}? Enter the amount like 5,000 or 5,000.50")


class AmountTooLarge(BadAmount):
    code = "amount_too_large"
    text = _("That amount is larger than the bank can move. The most is {most}")


class AmountNotPositive(BadAmount):
    code = "amount_not_positive"
    text = _("Enter an amount of more than zero, like 5,000 or 5,000.50")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency, never finer than the currency's smallest coin."""

    amount: Decimal
    currency: str

    def __post_init__(self):
        if isinstance(self.amount, float):
            raise TypeError("Money is never a float")
        amount = Decimal(self.amount)
        if not amount.is_finite():
            raise ValueError(f"{amount} is not an amount of money")
        if amount != amount.quantize(coin(self.currency)):
            raise ValueError(f"{amount} is finer than {self.currency} allows; round it first")
        object.__setattr__(self, "amount", amount)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str, rounding: str = ROUNDING) -> Money:
        """This will round to the currency's coin, half up unless a named rule says otherwise."""
        return cls(amount.quantize(coin(currency), rounding), currency)

    @classmethod
    def zero(cls, currency: str = "KES") -> Money:
        """This will give nothing, in a currency."""
        return cls(Decimal(0), currency)

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __bool__(self) -> bool:
        return bool(self.amount)

    def split(self, parts: int) -> list[Money]:
        """This will cut into equal parts that sum exactly; the first ones carry the odd coins."""
        unit = coin(self.currency)
        share = (self.amount / parts).quantize(unit, rounding="ROUND_DOWN")
        odd = int((self.amount - share * parts) / unit)
        step = unit if odd >= 0 else -unit
        return [
            Money(share + (step if index < abs(odd) else 0), self.currency)
            for index in range(parts)
        ]

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise TypeError(f"{self.currency} and {other.currency} do not mix; use an FX deal")

    def __str__(self) -> str:
        return f"{self.currency} {self.amount.quantize(coin(self.currency)):,}"


def coin(currency: str) -> Decimal:
    """This will give the currency's smallest amount: 0.01 for KES, 1 for UGX."""
    return Decimal(1).scaleb(-EXPONENT[currency])


def kes(amount: str | int | Decimal) -> Money:
    """This will make an amount of Kenyan shillings."""
    return Money(Decimal(amount), "KES")


_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII)
_THREE_AFTER_POINT = re.compile(r"([0-9]{1,3})\.([0-9]{3})", re.ASCII)


def parse(text: str, currency: str = "KES") -> Money:
    """
    This will read an amount as a person types it: 5000, 5,000 or 5,000.50.

    Input is never rounded and never guessed: signs, exponents, other scripts' digits and amounts
    finer than the coin are refused (reliability rule 2, ux.md row 5).

    :raises BadAmount: if it is not an amount.
    :raises AmbiguousAmount: if a point may have meant thousands, as in 5.000.
    :raises AmountNotPositive: if it is zero.
    :raises AmountTooLarge: if it is more than the books can carry.
    """
    typed = text.strip().removeprefix(currency).strip() if len(text) <= 40 else ""
    mixed = _THREE_AFTER_POINT.fullmatch(typed)
    if mixed and not int(mixed[1]):
        raise BadAmount  # Nobody writes thousands after a nought: 0.001 is no coin.
    if mixed:
        whole, fraction = Decimal(mixed[1] + mixed[2]), Decimal(mixed[1])
        raise AmbiguousAmount(whole=f"{whole:,}", fraction=f"{fraction:,}")
    if not (_PLAIN.fullmatch(typed) or _GROUPED.fullmatch(typed)):
        raise BadAmount
    amount = Decimal(typed.replace(",", ""))
    if amount > LARGEST_INPUT:
        raise AmountTooLarge(
            most=Money(LARGEST_INPUT.quantize(coin(currency), "ROUND_DOWN"), currency)
        )
    if amount != amount.quantize(coin(currency)):
        raise BadAmount
    if not amount:
        raise AmountNotPositive
    return Money(amount, currency)
