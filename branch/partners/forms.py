"""The form of the desk of partners."""

from django import forms


class Decide(forms.Form):
    """Ask to admit a company, refuse it, or stop it at once; which one is the button."""

    deed = forms.ChoiceField(
        choices=[("admit", "Admit"), ("refuse", "Refuse"), ("suspend", "Stop")]
    )
    reason = forms.CharField(label="Why?", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
