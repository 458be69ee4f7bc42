"""Which account is to be paid, and how much if it is known."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.deposits.queries import Holding
from ledger.money_field import MoneyField
from wekeza.kit.words import masked_account


class Mine(forms.Form):
    """The account that a code leads to, and an amount that it may ask for."""

    account = forms.ChoiceField(label=_("Account"), required=False)
    amount = MoneyField(label=_("Amount"), help_text=_("Leave it empty and the payer says"))

    def __init__(self, *args, holdings: list[Holding], **options):
        super().__init__(*args, **options)
        self.holdings = {holding.number: holding for holding in holdings}
        self.fields["amount"].required = False
        self.fields["account"].choices = [
            (number, f"{holding.name} {masked_account(number)}")
            for number, holding in self.holdings.items()
        ]
        if len(self.holdings) < 2:
            del self.fields["account"]

    @property
    def holding(self) -> Holding | None:
        """The account that was chosen, or the first one."""
        chosen = self.cleaned_data.get("account") if self.is_bound and self.is_valid() else None
        return self.holdings.get(chosen) or next(iter(self.holdings.values()), None)
