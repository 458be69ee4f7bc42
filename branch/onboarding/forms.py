"""What officers say about papers, doubts, corrections and requests."""

from django import forms

from accounts.documents.models import Document
from accounts.kyc.models import Review
from accounts.kyc.reasons import FOR_PEOPLE
from accounts.registry.models import IdentityCheck


class Paper(forms.Form):
    """One paper: accepted, or declined for a reason of the list."""

    document = forms.UUIDField(widget=forms.HiddenInput)
    deed = forms.ChoiceField(choices=[("accept", "Accept"), ("decline", "Decline")])
    expires_date = forms.DateField(
        label="Last day on the paper",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Leave it empty if there is none.",
    )
    reason = forms.ChoiceField(
        label="Why, if you decline it",
        choices=[("", "Choose a reason"), *FOR_PEOPLE],
        required=False,
        help_text="The customer reads it, with a tip for the next photo.",
    )

    def clean(self):
        said = super().clean()
        if said.get("deed") == "decline" and not said.get("reason"):
            self.add_error("reason", "Choose why you decline it")
        return said


class Request(forms.Form):
    """The whole request: asked for by the tier, or handed back."""

    deed = forms.ChoiceField(choices=[("raise", "Raise"), ("again", "Ask again")])
    risk = forms.ChoiceField(
        label="Risk of the customer",
        choices=Review.Risk.choices,
        help_text="It decides when we look again.",
    )
    note = forms.CharField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What you saw. The second person reads it.",
    )

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        _spare(self, when="again")


class Doubt(forms.Form):
    """A doubt about somebody's identity: settled with a finding, or asked anew."""

    deed = forms.ChoiceField(choices=[("settle", "Settle"), ("ask", "Ask again")])
    finding = forms.ChoiceField(
        label="What did you find?",
        choices=IdentityCheck.Finding.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you found"},
    )
    reason = forms.CharField(
        label="What did you see?",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Name the papers that you saw. It is kept.",
    )

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        _spare(self, when="ask")


class Correction(forms.Form):
    """A correction: before a second person, or not done."""

    deed = forms.ChoiceField(choices=[("propose", "Propose"), ("reject", "Reject")])
    reason = forms.CharField(
        label="Reason",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The second person reads it, or the customer if you reject it.",
    )


class Answer(forms.Form):
    """The bank's words to a request about data."""

    text = forms.CharField(
        label="Your answer",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="The customer reads it. Say what you did, and what you did not and why.",
    )


def paper_form(kind: type[Paper], paper, said: forms.Form) -> Paper | None:
    """This will give the form of a paper that waits; what was refused stands on its own paper."""
    document = paper.document
    if document is None or document.state != Document.State.STAGED:
        return None
    auto_id = f"{paper.need.slug}-%s"
    if said.is_bound and said.data.get("document") == str(document.public_id):
        said.auto_id = auto_id
        return said
    return kind(initial={"document": document.public_id}, auto_id=auto_id)


def _spare(form: forms.Form, *, when: str) -> None:
    """One of the form's buttons needs nothing but itself."""
    if form.data.get("deed") == when:
        for name in form.fields.keys() - {"deed"}:
            form.fields[name].required = False
