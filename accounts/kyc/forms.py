"""What a customer declares for a higher tier."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.kyc import facts
from accounts.kyc.models import DeclaredFacts, Fact
from accounts.kyc.refusals import BadAddress, BadKraPin
from ledger.money_field import MoneyField

MONEY_FACTS = {Fact.MONTHLY_INCOME: "monthly_income", Fact.SOURCE_OF_FUNDS: "source_of_funds"}


class Facts(forms.Form):
    """KRA PIN, address and work; income and its source only where the tier asks for them."""

    kra_pin = forms.CharField(
        label=_("KRA PIN"),
        help_text=_("On your PIN certificate, like A123456789Z"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={
            "required": _("Enter a KRA PIN like A123456789Z: a letter, 9 digits and a letter")
        },
    )
    address = forms.CharField(
        label=_("Address"),
        help_text=_("House, street or village, town"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": _("Enter where you live: house, street or village, town")},
    )
    occupation = forms.CharField(
        label=_("Occupation"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": _("Enter what you do, like teacher or farmer")},
    )
    monthly_income = MoneyField(
        label=_("Income in a month"),
        help_text=_("What comes in in an ordinary month, before tax"),
        error_messages={"required": _("Enter your income in a month, like 45,000")},
    )
    source_of_funds = forms.ChoiceField(
        label=_("Where your money comes from"),
        choices=[("", _("Choose one")), *DeclaredFacts.Source.choices],
        error_messages={"required": _("Choose where most of your money comes from")},
    )

    def __init__(self, *args, asked: set[str], **kwargs):
        super().__init__(*args, **kwargs)
        for fact, name in MONEY_FACTS.items():
            if fact not in asked:
                del self.fields[name]

    def clean_kra_pin(self):
        """In capitals without gaps, and of the shape that KRA gives out."""
        try:
            return facts.normalised_kra_pin(self.cleaned_data["kra_pin"])
        except BadKraPin as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean_address(self):
        """Somebody can be found by it."""
        try:
            return facts.checked_address(self.cleaned_data["address"])
        except BadAddress as refusal:
            raise ValidationError(str(refusal)) from refusal
