"""What somebody types who asks for a loan that is paid back by instalments."""

from dataclasses import replace

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.deposits import numbers
from accounts.deposits import queries as deposits
from ledger.money_field import MoneyField
from lending.applications.operations import Wish
from lending.decisions.forms import Apply
from lending.evidence.models import Needs
from lending.products import words
from lending.products.forms import NUMBER
from lending.purchases.operations import Purchase
from wekeza.kit.errors import Refusal

# The boxes that a product's list asks for.
ASKED_BY = {
    "income": Needs.INCOME,
    "gross": Needs.GROSS,
    "thing": Needs.THING,
    "description": Needs.THING,
    "price": Needs.THING,
    "seller": Needs.THING,
    "valuation": Needs.VALUATION,
}


class Ask(Apply):
    """How much, for how many months, how the person earns and how much, and the consent."""

    field_order = (
        "reference", "begun", "thing", "description", "price", "valuation", "seller", "amount",
        "tenor", "employment", "income", "gross", "consent",
    )  # fmt: skip

    thing = forms.ChoiceField(
        label=_("What do you buy?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you buy")},
    )
    description = forms.CharField(
        label=_("Describe it"),
        max_length=140,
        help_text=_("Make, model and year of a vehicle; place and plot number of a property."),
        error_messages={"required": _("Describe what you buy")},
    )
    price = MoneyField(label=_("What does it cost?"))
    valuation = MoneyField(
        label=_("What value did the valuer find?"),
        help_text=_("As the report says. The smaller of price and value counts."),
    )
    seller = forms.CharField(
        label=_("Seller’s account number at Wekeza"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("13 digits. The bank pays the seller; the fee comes from your account."),
        error_messages={"required": _("Enter the seller’s account number")},
    )

    tenor = forms.RegexField(
        r"^[0-9]{1,3}$",
        label=_("For how many months?"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": NUMBER, "invalid": NUMBER},
    )
    income = MoneyField(
        label=_("What do you take home in a month?"),
        help_text=_("After tax. We compare it with what comes into your account."),
    )
    gross = MoneyField(label=_("What do you earn in a month before tax?"))

    def __init__(self, *args, needs: list[str], things: list[tuple[str, str]] = (), **options):
        super().__init__(*args, **options)
        self.fields["thing"].choices = things
        typed = {
            "hx-get": reverse("lending:asking:cost", args=[self.term.product.slug]),
            "hx-trigger": "input changed delay:400ms",
            "hx-target": "#cost",
            "hx-swap": "innerHTML",
            "hx-include": "#id_amount, #id_tenor",
        }
        for name in ("amount", "tenor"):
            self.fields[name].widget.attrs |= typed
        for name, need in ASKED_BY.items():
            if need not in needs:
                del self.fields[name]
        self.initial.setdefault("tenor", self.term.least_tenor)
        self.lasts = words.lasts(self.term)

    def clean_tenor(self) -> int:
        tenor = int(self.cleaned_data["tenor"])
        if not self.term.lasts(tenor):
            raise forms.ValidationError(words.lasts(self.term))
        return tenor

    def clean_seller(self):
        """The account that the number leads to; a phone's would do for a payment, not for this."""
        number = self.cleaned_data["seller"]
        if not numbers.is_valid(numbers.without_gaps(number)):
            raise forms.ValidationError(_("Enter the 13 digits of the seller’s account"))
        try:
            return deposits.find_payee(number).account
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self):
        """Pay before tax is no less than what is left of it."""
        said = super().clean()
        income, gross = said.get("income"), said.get("gross")
        if income and gross and gross < income:
            self.add_error(
                "gross", _("This is less than what you take home. Enter the pay before tax")
            )
        return said

    @property
    def wish(self) -> Wish:
        said = self.cleaned_data
        return replace(
            super().wish, tenor=said["tenor"], income=said.get("income"), gross=said.get("gross"),
            payee=said.get("seller"),
        )  # fmt: skip

    @property
    def purchase(self) -> Purchase | None:
        said = self.cleaned_data
        if "thing" not in said:
            return None
        return Purchase(
            thing=said["thing"], description=said["description"], price=said["price"],
            seller=said["seller"], valuation=said.get("valuation"),
        )  # fmt: skip
