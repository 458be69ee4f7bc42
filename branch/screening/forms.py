"""The forms of the screening desk."""

from django import forms

from accounts.screening.models import ScreeningList
from accounts.screening.operations import SHORTEST_REASON
from accounts.screening.refusals import ReasonMissing
from wekeza.kit.uploads import LARGEST

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
        min_length=SHORTEST_REASON,
        error_messages={"required": ReasonMissing.text, "min_length": ReasonMissing.text},
    )
    code = forms.CharField(
        label="Code from your authenticator app",
        max_length=10,
        error_messages={"required": "Enter the 6-digit code of your authenticator app"},
        help_text="It signs what you decide about this case as you see it.",
    )


class Refuse(forms.Form):
    """Refuse a version of a list that waits."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="Why do you refuse it?", max_length=300)


class ListFile(forms.FileField):
    """One file of a list; what is larger than the desk takes is refused by its name."""

    widget = forms.FileInput

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file and file.size > LARGEST:
            raise forms.ValidationError(
                f"{file.name} has {file.size:,} bytes; the desk takes {LARGEST:,}. Load it at the "
                "bank's machine"
            )
        return file


class ListChoice(forms.ModelChoiceField):
    """A list by what people call it."""

    def label_from_instance(self, row):
        return row.label


class Upload(forms.Form):
    """A new version of a list: its published file or, for OFAC's CSV, its three."""

    source = ListChoice(
        ScreeningList.objects.order_by("label"), label="Which list is it?", empty_label=None
    )
    file = ListFile(
        label="File",
        help_text="consolidated.xml, sdn.xml, sdn.csv, or our own CSV; as it was published.",
        error_messages={"required": "Choose the file", "empty": "This file is empty"},
    )
    addresses = ListFile(label="add.csv", required=False, help_text="Only for OFAC's CSV.")
    aliases = ListFile(label="alt.csv", required=False, help_text="Only for OFAC's CSV.")
    published_date = forms.DateField(
        label="Published on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Only for CSV, which names no day. Today when empty.",
    )

    def clean(self):
        """Two files of one name would be one."""
        named = [file.name for file in self.chosen]
        if len(named) != len(set(named)):
            raise forms.ValidationError("You chose the same file twice. Choose each of the three")
        return super().clean()

    @property
    def chosen(self) -> list:
        """The files that came, in the order of the format."""
        found = (self.cleaned_data.get(name) for name in ("file", "addresses", "aliases"))
        return [file for file in found if file]

    def facts(self) -> dict:
        """This will give what the operation takes: the list, the bytes by name, and the day."""
        return {
            "source": self.cleaned_data["source"],
            "files": {file.name: file.read() for file in self.chosen},
            "published_date": self.cleaned_data["published_date"],
        }


class AboutVersion(forms.Form):
    """Ask a second person to put a version in force, or refuse it; which one is the button."""

    deed = forms.ChoiceField(choices=[("ask", "Ask"), ("refuse", "Refuse")])
    reason = forms.CharField(
        label="Why?", max_length=300, help_text="The second person reads it, and it is kept."
    )
