"""What somebody wishes who cannot pay as agreed, and what signs it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lending.decisions.forms import TICK, Take
from lending.restructures.models import Restructure
from lending.restructures.operations import Room
from lending.restructures.refusals import NoLonger, TooMany

Kind = Restructure.Kind
CHOOSE = _("Choose one")


class Ask(forms.Form):
    """Instalments to put off, or more payments, and why."""

    kind = forms.ChoiceField(
        label=_("What would help you?"), choices=Kind.choices, widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )  # fmt: skip
    defer = forms.IntegerField(
        label=_("How many instalments do you want to put off?"),
        required=False,
        widget=forms.TextInput,
    )
    payments = forms.IntegerField(
        label=_("In how many payments do you want to pay the rest?"),
        required=False,
        widget=forms.TextInput,
    )
    reason = forms.CharField(
        label=_("What happened?"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tell us in a few words")},
    )  # fmt: skip

    def __init__(self, *args, room: Room, **options):
        super().__init__(*args, **options)
        self.room = room
        if not room.most_put_off:
            self.fields["kind"].choices = [(Kind.LONGER.value, Kind.LONGER.label)]
            del self.fields["defer"]

    @property
    def number(self) -> int | None:
        name = "defer" if self.cleaned_data.get("kind") == Kind.DEFER else "payments"
        return self.cleaned_data.get(name)

    def clean(self):
        kind, room = self.cleaned_data.get("kind"), self.room
        number = self.number or 0
        if kind == Kind.DEFER and not 1 <= number <= room.most_put_off:
            self.add_error("defer", str(TooMany(most=room.most_put_off)))
        least, most = room.least_payments, room.most_payments
        if kind == Kind.LONGER and not least <= number <= most:
            self.add_error("payments", str(NoLonger(least=least, most=most)))
        return self.cleaned_data


class Sign(Take):
    """That the new payments were read, and the PIN, code or passkey that signs them."""

    read = forms.BooleanField(
        label=_("I have read the new payments and what they cost"),
        error_messages={"required": TICK},
    )

    def __init__(self, *args, has_signed: bool = False, **options):
        """Who signed for a business already types nothing again."""
        super().__init__(*args, **options)
        if has_signed:
            self.fields["code"].required = self.fields["read"].required = False
