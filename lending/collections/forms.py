"""What a customer promises to pay of a late loan, and by when."""

from datetime import date, timedelta
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ledger.money import Money
from ledger.money_field import MoneyField
from lending.collections.models import CollectionTerm

Kind = CollectionTerm.Kind


class Promise(forms.Form):
    """An amount, by a day; or in parts, a span of days apart."""

    reference = forms.UUIDField(widget=forms.HiddenInput)
    money = MoneyField(label=_("How much can you pay?"))
    first = forms.DateField(
        label=_("By which day?"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Choose a day"), "invalid": _("Choose a day")},
    )
    parts = forms.TypedChoiceField(label=_("All at once, or in parts?"), coerce=int, initial=1)

    def __init__(self, *args, overdue: Money, today: date, terms, **options):
        super().__init__(*args, **options)
        self.initial.setdefault("reference", uuid4())
        self.initial.setdefault("money", str(overdue).removeprefix("KES ").removesuffix(".00"))
        last = today + timedelta(days=terms[Kind.PROMISE_DAYS])
        limits = {"min": today.isoformat(), "max": last.isoformat()}
        self.fields["first"].widget.attrs.update(limits)
        days = terms[Kind.PLAN_DAYS]
        self.fields["parts"].choices = [(1, _("All at once"))] + [
            (
                parts,
                ngettext(
                    "In {parts} equal parts, {days} day apart",
                    "In {parts} equal parts, {days} days apart",
                    days,
                ).format(parts=parts, days=days),
            )
            for parts in range(2, terms[Kind.PLAN_PARTS] + 1)
        ]
