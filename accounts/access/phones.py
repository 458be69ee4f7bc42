"""Kenyan mobile numbers as people type them, kept as +254 and nine digits (kenya.md 1.6)."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_MOBILE = re.compile(r"(?:\+?254|0)?([17][0-9]{8})")
_GAPS = str.maketrans("", "", " -().\u00a0")


def normalised(typed: str) -> str | None:
    """
    This will read 0722 000 418, 254722000418, +254 722 000418 or 722000418 as +254722000418, and
    anything that is no Kenyan mobile number as None. Digits of other scripts are no digits here.
    """
    found = _MOBILE.fullmatch(typed.strip().translate(_GAPS))
    return f"+254{found[1]}" if found else None


class PhoneField(forms.CharField):
    """A Kenyan mobile number, cleaned to +254 and nine digits."""

    default_error_messages = {
        "required": _("Enter your phone number, like 0722 000 418"),
        "invalid": _("Enter a Kenyan mobile number, like 0722 000 418"),
    }

    def __init__(self, **options):
        options.setdefault("label", _("Phone number"))
        options.setdefault("max_length", 20)
        options.setdefault(
            "widget", forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
        )
        super().__init__(**options)

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return typed
        phone = normalised(typed)
        if phone is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return phone
