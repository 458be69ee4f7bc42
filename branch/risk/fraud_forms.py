"""What an officer says about a case of fraud, and what they put on the list."""

from django import forms

from ledger.approvals.refusals import ReasonMissing
from lending.fraud.models import FraudMark
from lending.fraud.refusals import BadMark, NoteMissing

Kind = FraudMark.Kind


class AboutCase(forms.Form):
    """What is done with a case, and the words that go with it."""

    deed = forms.ChoiceField(
        choices=[(name, name) for name in ("take", "note", "escalate", "confirm", "clear")]
    )
    text = forms.CharField(
        label="What you found or did",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It is kept as it is, with your name. The customer never sees it.",
        error_messages={"required": NoteMissing.text},
    )
    marks = forms.MultipleChoiceField(
        label="If it was fraud, mark",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (Kind.ID, "Their ID number"),
            (Kind.PHONE, "Their phone"),
            (Kind.DEVICE, "The device it came from"),
        ],
        help_text="The next application that meets a mark is blocked.",
    )

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        self.fields["text"].required = data is None or data.get("deed") != "take"


class NewMark(forms.Form):
    """What fraud was done with."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(one.value, one.label) for one in (Kind.ID, Kind.PHONE, Kind.ACCOUNT)],
    )
    text = forms.CharField(
        label="Its number",
        max_length=40,
        help_text="It is kept as a keyed hash: nobody reads it here again.",
        error_messages={"required": BadMark.text.format(kind="number")},
    )
    why = forms.CharField(
        label="Why",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NoteMissing.text},
    )
    until = forms.DateField(
        label="Until",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="The last day. Leave it empty if it has no end.",
    )


class EndMark(forms.Form):
    """Why it may be taken off."""

    reason = forms.CharField(
        label="Why may it be taken off?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What was found. The second person reads it.",
        error_messages={"required": ReasonMissing.text},
    )
