"""What a payer types: whom to pay, how much and why."""

from datetime import datetime
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.deposits.queries import Holding
from ledger.money_field import MoneyField
from payments.qr import payloads
from payments.transfers import lookups
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal
from wekeza.kit.words import masked_account


class Send(forms.Form):
    """The details of a transfer. The name behind the recipient is looked up here."""

    reference = forms.UUIDField(widget=forms.HiddenInput)
    replaces = forms.UUIDField(widget=forms.HiddenInput, required=False)
    source = forms.ChoiceField(
        label=_("From"), error_messages={"required": _("Choose the account to send from")}
    )
    recipient = forms.CharField(
        label=_("Who do you want to pay?"),
        help_text=_("A phone number, an account number or a KE-QR code of a Wekeza customer"),
        max_length=payloads.LONGEST,
        error_messages={
            "required": _(
                "Enter a phone number like 0722 000 418 or an account number of 13 digits"
            )
        },
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "inputmode": "tel",
                "hx-post": reverse_lazy("payments:transfers:payee"),
                "hx-trigger": "change",
                "hx-target": "#payee",
                "hx-swap": "innerHTML",
            }
        ),
    )
    amount = MoneyField(
        label=_("How much do you want to send?"),
        widget=forms.TextInput(
            attrs={
                "hx-post": reverse_lazy("payments:transfers:quote"),
                "hx-trigger": "input changed delay:400ms",
                "hx-target": "#quote",
                "hx-swap": "innerHTML",
            }
        ),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Both of you see it, like Rent, November"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, holdings: list[Holding], actor: Actor, at: datetime, **options):
        super().__init__(*args, **options)
        self.holdings = {holding.number: holding for holding in holdings}
        self.actor, self.at = actor, at
        source = self.fields["source"]
        source.choices = [
            (number, f"{holding.name} {masked_account(number)}")
            for number, holding in self.holdings.items()
        ]
        if len(self.holdings) == 1:
            source.widget = forms.HiddenInput()
        self.initial.setdefault("reference", uuid4())
        if self.initial.get("source") not in self.holdings:
            self.initial["source"] = next(iter(self.holdings), "")

    def clean_reason(self):
        return " ".join(self.cleaned_data["reason"].split())

    def clean(self):
        facts = super().clean()
        source = self.holdings.get(facts.get("source"))
        if source is None or "recipient" not in facts:
            return facts
        if payloads.looks_like_one(facts["recipient"]):
            self._take_code(facts)
            if "recipient" not in facts:
                return facts
        facts["account"] = source.account
        try:
            facts["payee"] = lookups.payee(
                facts["recipient"], source=source.account, at=self.at, actor=self.actor
            )
        except Refusal as refusal:
            self.add_error("recipient", ValidationError(str(refusal), code=refusal.code))
        return facts

    def _take_code(self, facts: dict) -> None:
        """A KE-QR payload, pasted or scanned: whom it leads to, and the amount that it asks for."""
        try:
            wanted = payloads.read(facts["recipient"])
        except Refusal as refusal:
            self.add_error("recipient", ValidationError(str(refusal), code=refusal.code))
            return
        facts["recipient"] = wanted.account
        typed = facts.get("amount")
        if wanted.amount is not None and typed is None:
            self.errors.pop("amount", None)
            facts["amount"] = wanted.amount
        elif wanted.amount is not None and typed != wanted.amount:
            words = _("The code asks for {amount}. Enter that, or leave the amount empty")
            self.add_error("amount", words.format(amount=wanted.amount))
