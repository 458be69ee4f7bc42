"""What an officer looks for among late loans, and what they keep about one."""

from uuid import uuid4

from django import forms

from accounts.staff.models import StaffMember
from branch.books.forms import Filters
from branch.collections.words import ACTS, MINE, NOBODY
from ledger.money_field import MoneyField
from lending.collections.models import CaseStep, CollectionContact
from lending.collections.queries import Bucket


class Late(Filters):
    """Which late loans; what is left empty keeps all."""

    bucket = forms.ChoiceField(label="Past due", required=False)
    hands = forms.ChoiceField(
        label="In hand",
        required=False,
        choices=[("", "Anybody’s"), (MINE, "Mine"), (NOBODY, "Nobody’s")],
    )

    def __init__(self, *args, counts: list[tuple[Bucket, int]], **options):
        super().__init__(*args, **options)
        names = [(one.code, f"{one.label} ({number})") for one, number in counts]
        whole = sum(number for _one, number in counts)
        self.fields["bucket"].choices = [("", f"All ({whole})"), *names]

    def wanted(self) -> dict:
        """This will give what was chosen and is right."""
        return {name: self.chosen(name, "") for name in self.fields}

    @property
    def is_filtered(self) -> bool:
        """Something keeps late loans out of sight."""
        return any(self.wanted().values())


class Contact(forms.Form):
    """A contact that just was: how, what came of it, and which step of the calendar it did."""

    channel = forms.ChoiceField(label="How?", choices=CollectionContact.Channel.choices)
    outcome = forms.ChoiceField(label="What came of it?", choices=CollectionContact.Outcome.choices)
    step = forms.ChoiceField(label="Which step does it do?", required=False)
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with your name. The customer may ask for a copy.",
    )

    def __init__(self, *args, steps: list[CaseStep], **options):
        super().__init__(*args, **options)
        names = [(one.code, ACTS[one.code]) for one in steps]
        self.fields["step"].choices = [("", "None"), *names]


class Assign(forms.Form):
    """To whom."""

    to = forms.ModelChoiceField(StaffMember.objects.none(), label="Assign to", empty_label=None)

    def __init__(self, *args, colleagues, **options):
        super().__init__(*args, **options)
        self.fields["to"].queryset = colleagues
        self.fields["to"].label_from_instance = lambda one: f"{one.full_name} ({one.staff_no})"


class Promise(forms.Form):
    """What a customer says they pay, and by when."""

    reference = forms.UUIDField(widget=forms.HiddenInput)
    money = MoneyField(label="They promise")
    first = forms.DateField(
        label="By", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    parts = forms.IntegerField(
        label="In how many parts?", min_value=1, initial=1, widget=forms.TextInput
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial.setdefault("reference", uuid4())
