"""What a customer asks about their data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.privacy.models import DataRequest


class Ask(forms.Form):
    """An objection, or the wish to be forgotten."""

    kind = forms.ChoiceField(
        label=_("What do you ask?"),
        choices=[
            (kind, kind.label) for kind in (DataRequest.Kind.OBJECTION, DataRequest.Kind.ERASURE)
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one"), "invalid_choice": _("Choose one")},
    )
    words = forms.CharField(
        label=_("In your words"),
        help_text=_("What should we stop, and why?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
