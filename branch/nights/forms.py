"""What an officer says about a run that stopped."""

from django import forms


class AboutRun(forms.Form):
    """Run again what was set aside, or ask to open the next date without it, with the reason."""

    deed = forms.ChoiceField(choices=[("again", "again"), ("force", "force")])
    reason = forms.CharField(
        label="Why the next date must open without it",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        required=False,
    )
