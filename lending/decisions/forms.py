"""What somebody types who asks for a loan, and the code with which they take it."""

from uuid import uuid4

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.access.authorise_forms import Authorise
from ledger.money import Money
from ledger.money_field import MoneyField
from lending.applications.models import Employment
from lending.applications.operations import Wish
from lending.decisions import consents
from lending.products import words
from lending.products.models import LoanTerm

TICK = _("Tick the box to go on")


class Apply(forms.Form):
    """How much, how the person earns, and the consent without which no bureau is asked."""

    reference = forms.UUIDField(widget=forms.HiddenInput)
    begun = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    amount = MoneyField(
        label=_("How much do you want to borrow?"),
        widget=forms.TextInput(
            attrs={
                "hx-get": reverse_lazy("lending:decisions:cost"),
                "hx-trigger": "input changed delay:400ms",
                "hx-target": "#cost",
                "hx-swap": "innerHTML",
            }
        ),
    )
    employment = forms.ChoiceField(
        label=_("How do you earn?"),
        choices=Employment.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how you earn"), "invalid_choice": _("Choose how you earn"),
        },
    )  # fmt: skip
    consent = forms.BooleanField(error_messages={"required": TICK})

    def __init__(
        self, *args, term: LoanTerm, limit: Money, language: str, device: str = "", **options
    ):
        super().__init__(*args, **options)
        self.term, self.limit, self.language, self.device = term, limit, language, device
        self.fields["consent"].label = consents.bureau_text(language=language)
        self.initial.setdefault("reference", uuid4())

    def clean_amount(self) -> Money:
        amount, term = self.cleaned_data["amount"], self.term
        if not term.lends(amount):
            raise forms.ValidationError(words.amounts(term))
        if amount > self.limit:
            raise forms.ValidationError(
                _("You can borrow up to {limit}. Enter that or less").format(limit=self.limit)
            )
        return amount

    @property
    def wish(self) -> Wish:
        return Wish(
            term=self.term,
            amount=self.cleaned_data["amount"],
            tenor=self.term.most_tenor,
            employment=self.cleaned_data["employment"],
            consent=consents.given(language=self.language),
            device=self.device,
        )


class Take(Authorise):
    """That the cost and the date were read, and the PIN, code or passkey that signs them."""

    field_order = ("figures", "read", "code", "credential")

    figures = forms.CharField(max_length=64, widget=forms.HiddenInput)
    read = forms.BooleanField(
        label=_("I have read the cost and the date"), error_messages={"required": TICK}
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        # A passkey's button stands below the cost and the date, and is pressed for them.
        self.fields["read"].required = not self.data.get("credential")
