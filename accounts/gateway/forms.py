"""The form that tries an operation out from its page."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.gateway.reference import Entry


class Try(forms.Form):
    """A box for the token, for each part of the address, for the key and for the body."""

    def __init__(self, *args, entry: Entry, **options):
        super().__init__(*args, **options)
        plain = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        if entry.needs_token:
            self.fields["token"] = forms.CharField(
                label=_("Access token"),
                help_text=_("It is used for this one call and kept nowhere"),
                required=False,
                max_length=2000,
                widget=forms.TextInput(attrs=plain),
            )
        for part in [*entry.holes, *entry.questions]:
            self.fields[f"p_{part.name}"] = forms.CharField(
                label=part.name,
                help_text=part.about,
                required=part.place == "path",
                max_length=200,
                widget=forms.TextInput(attrs=plain),
            )
        if entry.has_key:
            self.fields["key"] = forms.CharField(
                label=_("Idempotency-Key"),
                required=False,
                max_length=80,
                widget=forms.TextInput(attrs=plain),
            )
            self.initial.setdefault("key", str(uuid4()))
        if entry.body:
            self.fields["body"] = forms.CharField(
                label=_("Body"),
                required=False,
                strip=False,
                max_length=65_536,
                widget=forms.Textarea(attrs=plain | {"rows": 10}),
            )
            self.initial.setdefault("body", entry.example)

    def parts(self, entry: Entry, places) -> dict[str, str]:
        """This will give what was typed for parts of the address, those left empty apart."""
        typed = {part.name: self.cleaned_data.get(f"p_{part.name}", "") for part in places}
        return {name: value for name, value in typed.items() if value}
