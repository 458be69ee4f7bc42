"""The switches of the shell, read strictly."""

from django import forms

from accounts.access.models import User


class Theme(forms.Form):
    theme = forms.ChoiceField(choices=User.Theme.choices)


class HideBalances(forms.Form):
    hides = forms.TypedChoiceField(
        choices=[("1", "1"), ("0", "0")], coerce=lambda typed: typed == "1"
    )
