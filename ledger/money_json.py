"""Money in JSON: {"amount": "1500.00", "currency": "KES"}, the amount a text and never a number."""

import re

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ledger.money import EXPONENT, BadAmount, Money, coin, parse

_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?", re.ASCII)
SHAPE = {
    "type": "object",
    "required": ["amount", "currency"],
    "additionalProperties": False,
    "properties": {
        "amount": {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$"},
        "currency": {"type": "string", "enum": sorted(EXPONENT)},
    },
    "example": {"amount": "1500.00", "currency": "KES"},
}
SHAPE_OUT = SHAPE | {
    "properties": SHAPE["properties"] | {"amount": {"type": "string", "pattern": r"^-?[0-9]+"}}
}


@extend_schema_field(SHAPE)
class MoneyIn(serializers.Field):
    """An amount of money that somebody sends: more than zero, not finer than the coin."""

    default_error_messages = {
        "shape": _("Send an object like {example}"),
        "currency": _("We do not know that currency"),
    }

    def to_internal_value(self, data):
        if not isinstance(data, dict) or set(data) != {"amount", "currency"}:
            self.fail("shape", example='{"amount": "1500.00", "currency": "KES"}')
        amount, currency = data["amount"], data["currency"]
        if not isinstance(currency, str) or currency not in EXPONENT:
            self.fail("currency")
        if not isinstance(amount, str) or not _AMOUNT.fullmatch(amount):
            self.fail("shape", example='{"amount": "1500.00", "currency": "KES"}')
        try:
            return parse(_unambiguous(amount, currency), currency)
        except BadAmount as refusal:
            raise serializers.ValidationError(str(refusal)) from refusal

    def to_representation(self, value):
        return written(value)


@extend_schema_field(SHAPE_OUT)
class MoneyOut(serializers.Field):
    """An amount of money that we tell; with a minus in front if somebody owes it."""

    def __init__(self, **options):
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Money):
        return written(value)


def written(money: Money) -> dict[str, str]:
    """This will write an amount with all its coins: 1500.00 for KES, 1500 for UGX."""
    return {
        "amount": str(money.amount.quantize(coin(money.currency))),
        "currency": money.currency,
    }


def _unambiguous(amount: str, currency: str) -> str:
    """A program's 5.0 is no thousand; `parse` reads what people type."""
    whole, _point, fraction = amount.partition(".")
    return f"{whole}.{fraction:0<2}" if fraction and EXPONENT[currency] == 2 else amount
