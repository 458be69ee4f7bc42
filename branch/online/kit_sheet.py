"""Made-up content for the component sheet, so that every part can be seen in every state."""

from datetime import datetime, timedelta
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from wekeza.kit.form_fields import DateBoxesField
from wekeza.kit.rows import Row


class SheetForm(forms.Form):
    """One field of each kind; it is refused on purpose."""

    amount = forms.CharField(
        label="How much do you want to send?",
        help_text="You have KES 48,250.00 available",
        widget=forms.TextInput(attrs={"data-money": True}),
    )
    phone = forms.CharField(label="Phone", help_text="Like 0722 000 418")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    code = forms.CharField(label="Enter the 6-digit code", max_length=6)
    pin = forms.CharField(label="Your PIN", max_length=4, widget=forms.PasswordInput)
    date_of_birth = DateBoxesField(label="Date of birth", help_text="Like 27 3 1994")
    reason = forms.CharField(label="Reason", required=False)
    story = forms.CharField(label="What happened?", widget=forms.Textarea(attrs={"rows": 4}))
    way = forms.ChoiceField(
        label="How will you add money?",
        choices=[("MPESA", "M-PESA"), ("BANK", "Another bank")],
        widget=forms.RadioSelect,
    )
    month = forms.ChoiceField(label="Month", choices=[("11", "November"), ("10", "October")])
    terms = forms.BooleanField(label="I agree to the terms of the account")


class SheetFilters(forms.Form):
    """A filter bar."""

    q = forms.CharField(label="Search", required=False)
    direction = forms.ChoiceField(label="Direction", choices=[("", "All"), ("in", "Money in")])
    after = forms.CharField(label="From", required=False)


def parts() -> dict:
    """This will give one example of everything the sheet shows."""
    now = timezone.now()
    good = SheetForm(initial={"amount": "12500", "code": "419"})
    bad = SheetForm(
        {"bad-amount": "48,200", "bad-date_of_birth_0": "31", "bad-date_of_birth_1": "2"},
        prefix="bad",
    )
    return {
        "good": good,
        "bad": bad,
        "filters_form": SheetFilters(),
        "balance": _kes("48250"),
        "small": _kes("1240"),
        "most": _kes("50000"),
        "rows": _rows(now),
        "now": now,
        "soon": now + timedelta(minutes=2),
        "labels": [_("Details"), _("Check and authorise"), _("Receipt")],
    }


def _rows(now: datetime) -> list[Row]:
    yesterday = now - timedelta(days=1)
    return [
        Row(
            who="Naivas Supermarket",
            at=now,
            money=_kes("1240"),
            direction="out",
            what="Card 7731",
            status="PENDING",
            url="#",
            icon="card",
        ),
        Row(
            who="M-PESA top-up",
            at=now,
            money=_kes("5000"),
            direction="in",
            reference="DP-7K2Q9F4",
            balance_after=_kes("49490"),
            url="#",
        ),
        Row(
            who="Grace Wanjiku Mwangi",
            at=yesterday,
            money=_kes("12500"),
            direction="out",
            what="Rent, November",
            reference="MV-7K2Q9F4",
            balance_after=_kes("44490"),
            url="#",
        ),
    ]


def _kes(amount: str) -> tuple[Decimal, str]:
    return Decimal(amount), "KES"
