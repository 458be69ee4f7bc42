"""The form field of an amount: takes what a person types, gives Money or says what is wrong."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ledger.money import BadAmount, Money, parse

LONGEST = 40


class MoneyField(forms.CharField):
    """An amount of one currency, typed as 5000, 5,000 or 5,000.50; shown again as it was typed."""

    default_error_messages = {
        "required": _("Enter the amount in shillings, like 5,000 or 5,000.50"),
        "max_length": _("Enter the amount in shillings, like 5,000 or 5,000.50"),
    }

    def __init__(self, *, currency: str = "KES", **options):
        self.currency = currency
        super().__init__(max_length=LONGEST, **options)

    def widget_attrs(self, widget):
        attrs = {"inputmode": "decimal", "autocomplete": "off", "data-money": True}
        return super().widget_attrs(widget) | attrs

    def prepare_value(self, value):
        if not isinstance(value, Money):
            return value
        figures = str(value).removeprefix(value.currency).strip()
        return figures.removesuffix(".00")

    def clean(self, value) -> Money | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return parse(typed, self.currency)
        except BadAmount as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal
