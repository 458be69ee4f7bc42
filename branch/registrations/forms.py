"""The forms of the desk of businesses."""

from django import forms


class Propose(forms.Form):
    """What an officer asks a second person for, and why; which of both is the button."""

    deed = forms.ChoiceField(choices=[("activate", "Open it"), ("send_back", "Send it back")])
    reason = forms.CharField(
        label="Why?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Your colleague reads it. If you send it back, the directors read it too.",
    )


class Confirm(forms.Form):
    """Why the bank should stand in for a second director."""

    reason = forms.CharField(
        label="How did you make sure that the director wants it?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
