"""What somebody types who adds money."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.deposits.queries import Holding
from ledger.money_field import MoneyField
from wekeza.kit.words import masked_account


class Start(forms.Form):
    """How much, and to which account."""

    reference = forms.UUIDField(widget=forms.HiddenInput)
    account = forms.ChoiceField(label=_("To"))
    amount = MoneyField(label=_("How much do you want to add?"))

    def __init__(self, *args, holdings: list[Holding], **options):
        super().__init__(*args, **options)
        self.holdings = {holding.number: holding for holding in holdings}
        account = self.fields["account"]
        account.choices = [
            (number, f"{holding.name} {masked_account(number)}")
            for number, holding in self.holdings.items()
        ]
        if len(self.holdings) == 1:
            account.widget = forms.HiddenInput()
        self.initial.setdefault("reference", uuid4())
        self.initial.setdefault("account", next(iter(self.holdings), ""))

    def clean_account(self):
        return self.holdings[self.cleaned_data["account"]].account
