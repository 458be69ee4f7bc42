"""The forms of the screening desk."""

from django import forms

PROPOSALS = ("CLEARED", "CONFIRMED")


class Judge(forms.Form):
    """What an officer thinks a case is, and why; `seen` is the fingerprint of what was read."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    verdict = forms.ChoiceField(
        choices=[(name, name) for name in (*PROPOSALS, "AGREE", "DISAGREE")],
        widget=forms.HiddenInput,
    )
    reason = forms.CharField(
        label="Why?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Which facts tell them apart, or make them one. 10 characters or more.",
    )


class Refuse(forms.Form):
    """Refuse a version of a list that waits."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="Why do you refuse it?", max_length=300)
