"""The forms of the desk of businesses."""

from django import forms

from accounts.kyc.reasons import FOR_BUSINESSES
from branch.onboarding import forms as onboarding


class Propose(forms.Form):
    """What an officer asks a second person for, and why; which of both is the button."""

    deed = forms.ChoiceField(choices=[("activate", "Open it"), ("send_back", "Send it back")])
    reason = forms.CharField(
        label="Why?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Your colleague reads it. If you send it back, the directors read it too.",
    )


class Paper(onboarding.Paper):
    """One paper: accepted, or declined for a reason of the list for businesses."""

    reason = forms.ChoiceField(
        label="Why, if you decline it",
        choices=[("", "Choose a reason"), *FOR_BUSINESSES],
        required=False,
        help_text="The directors read it, with a tip for the next one.",
    )


class Confirm(forms.Form):
    """Why the bank should stand in for a second director."""

    reason = forms.CharField(
        label="How did you make sure that the director wants it?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
