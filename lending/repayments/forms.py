"""How much somebody pays on a loan."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from ledger.money import Money
from ledger.money_field import MoneyField


class Pay(forms.Form):
    """What is due, all that is owed, or another amount."""

    reference = forms.UUIDField(widget=forms.HiddenInput)
    amount = MoneyField(label=_("How much do you want to pay?"))

    def __init__(self, *args, owed: Money, proposed: Money, **options):
        super().__init__(*args, **options)
        self.owed = owed
        self.initial.setdefault("reference", uuid4())
        self.initial.setdefault("amount", str(proposed).removeprefix("KES ").removesuffix(".00"))

    def clean_amount(self) -> Money:
        amount = self.cleaned_data["amount"]
        if amount > self.owed:
            raise forms.ValidationError(
                _("You owe {owed}. Enter that or less").format(owed=self.owed)
            )
        return amount
