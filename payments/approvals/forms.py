"""What a signatory types: the PIN or code under a payment, or why not."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access.authorise_forms import Authorise


class Approve(Authorise):
    """The secret that signs exactly what stands above it; none is asked for twice."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, has_signed: bool = False, **options):
        super().__init__(*args, **options)
        if has_signed:
            self.fields["code"].required = False


class Reject(forms.Form):
    """A no, with its reason."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person who made it reads it"),
        max_length=200,
        error_messages={"required": _("Say why, in a few words")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
