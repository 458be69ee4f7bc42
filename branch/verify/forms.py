"""The code that stands on a paper."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Code(forms.Form):
    """A code as somebody reads it off a paper, with or without gaps."""

    code = forms.CharField(
        label=_("Code on the paper"),
        help_text=_("Like ST-7K2Q9FX4… or MV-7K2Q9FX-…, in capitals or not"),
        max_length=60,
        error_messages={"required": _("Enter the code that stands beside the square")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
