"""The code that stands on a paper."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wekeza.kit import vouching

SPELLED = re.compile(r"[A-Z0-9-]+")


class Code(forms.Form):
    """A code as somebody reads it off a paper, with or without gaps."""

    code = forms.CharField(
        label=_("Code on the paper"),
        help_text=_("Like ST-7K2Q9FX4… or MV-7K2Q9FX-…, in capitals or not"),
        max_length=60,
        error_messages={"required": _("Enter the code that stands beside the square")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """
        This will give the code as the bank writes it.

        :raises ValidationError: if it has a sign that no code has, and that no address takes.
        """
        code = vouching.read(self.cleaned_data["code"])
        if not SPELLED.fullmatch(code):
            raise ValidationError(
                _("A code has letters, digits and hyphens only. Read it off the paper again")
            )
        return code
