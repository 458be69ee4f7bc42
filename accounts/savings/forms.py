"""What a customer types who opens a savings account, and which month is looked at."""

from datetime import date
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.deposits.queries import Holding
from ledger.money_field import MoneyField
from wekeza.kit.words import masked_account


class Open(forms.Form):
    """From which account the first money comes, and how much."""

    reference = forms.UUIDField(widget=forms.HiddenInput)
    source = forms.ChoiceField(
        label=_("From"), error_messages={"required": _("Choose the account it comes from")}
    )
    amount = MoneyField(label=_("How much do you want to put in?"))

    def __init__(self, *args, holdings: list[Holding], **options):
        super().__init__(*args, **options)
        self.holdings = {holding.number: holding for holding in holdings}
        source = self.fields["source"]
        source.choices = [
            (number, f"{holding.name} {masked_account(number)}")
            for number, holding in self.holdings.items()
        ]
        if len(self.holdings) == 1:
            source.widget = forms.HiddenInput()
        self.initial.setdefault("reference", uuid4())
        self.initial.setdefault("source", next(iter(self.holdings), ""))

    def clean_source(self):
        return self.holdings[self.cleaned_data["source"]].account


def month_named(text: str, *, first: date, last: date) -> date:
    """This will read a month like 2026-11 out of an address; the last one if it is none of ours."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return last
    return month if first <= month <= last else last
