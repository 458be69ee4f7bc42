"""The search box of the demo inbox."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Search(forms.Form):
    """A phone, an e-mail address, or words of a message."""

    search = forms.CharField(label=_("Search"), max_length=80, required=False)
