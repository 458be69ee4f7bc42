"""What somebody types who asks for a loan that is paid back by instalments."""

from dataclasses import replace

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ledger.money_field import MoneyField
from lending.applications.operations import Wish
from lending.decisions.forms import Apply
from lending.evidence.models import Needs
from lending.products import words
from lending.products.forms import NUMBER


class Ask(Apply):
    """How much, for how many months, how the person earns and how much, and the consent."""

    field_order = ("reference", "amount", "tenor", "employment", "income", "gross", "consent")

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

    def __init__(self, *args, needs: list[str], **options):
        super().__init__(*args, **options)
        typed = {
            "hx-get": reverse("lending:asking:cost", args=[self.term.product.slug]),
            "hx-trigger": "input changed delay:400ms",
            "hx-target": "#cost",
            "hx-swap": "innerHTML",
            "hx-include": "#id_amount, #id_tenor",
        }
        for name in ("amount", "tenor"):
            self.fields[name].widget.attrs |= typed
        for name, need in {"income": Needs.INCOME, "gross": Needs.GROSS}.items():
            if need not in needs:
                del self.fields[name]
        self.initial.setdefault("tenor", self.term.least_tenor)
        self.lasts = words.lasts(self.term)

    def clean_tenor(self) -> int:
        tenor = int(self.cleaned_data["tenor"])
        if not self.term.lasts(tenor):
            raise forms.ValidationError(words.lasts(self.term))
        return tenor

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
            super().wish, tenor=said["tenor"], income=said.get("income"), gross=said.get("gross")
        )
