"""What somebody who registers tells us, one page at a time, and the profile."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access.phones import PhoneField
from accounts.access.pin_forms import PinTwice
from accounts.customers import names
from accounts.customers import operations as customers
from accounts.customers.models import Address, Consent
from accounts.customers.refusals import BadName, BadNationalId, NotBornYet, TooYoung
from wekeza.kit.form_fields import DateBoxesField


class Details(forms.Form):
    """Name, national ID and date of birth, as on the ID."""

    full_name = forms.CharField(
        label=_("Full name"),
        help_text=_("All your names, as on your national ID"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name as it stands on your ID")},
    )
    national_id = forms.CharField(
        label=_("ID number"),
        help_text=_("The number on your national ID, 6 to 9 digits"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Enter an ID number with 6 to 9 digits")},
    )
    date_of_birth = DateBoxesField(
        label=_("Date of birth"),
        help_text=_("As on your ID, like 27 3 1994"),
        error_messages={"required": _("Enter your date of birth, like 27 3 1994")},
    )

    def clean_full_name(self):
        """One space between names, composed letters; figures and marks are no name."""
        name = names.tidied(self.cleaned_data["full_name"])
        try:
            customers.check_name(name)
        except BadName as refusal:
            raise ValidationError(str(refusal)) from refusal
        return name

    # The operation refuses one fact at a time, and nobody wants to be sent back three times. So
    # what it will refuse is said here in its words, for all boxes at once.

    def clean_national_id(self):
        """Digits only, whatever gaps were typed; whose ID it is only the operation asks."""
        national_id = self.cleaned_data["national_id"].replace(" ", "")
        try:
            customers.check_id(national_id)
        except BadNationalId as refusal:
            raise ValidationError(str(refusal)) from refusal
        return national_id

    def clean_date_of_birth(self):
        """A day on which somebody was born who is grown up by now."""
        born = self.cleaned_data["date_of_birth"]
        try:
            customers.check_age(born, at=timezone.now())
        except (NotBornYet, TooYoung) as refusal:
            raise ValidationError(str(refusal)) from refusal
        return born


class Pin(PinTwice):
    """The transaction PIN, twice."""

    pin = forms.CharField(label=_("PIN"), help_text=_("4 digits. Not your year of birth, not 1234"))
    pin_again = forms.CharField(label=_("PIN again"))


class Agreements(forms.Form):
    """Three separate boxes, none ticked beforehand (ux.md 4.1; Data Protection Act 2019)."""

    terms = forms.BooleanField(
        label=_("I agree to the terms of the account"),
        error_messages={"required": _("Tick the terms to open the account")},
    )
    data = forms.BooleanField(
        label=_("I agree to how Wekeza uses my data"),
        error_messages={"required": _("Tick how we use your data to open the account")},
    )
    marketing = forms.BooleanField(
        label=_("Send me news and offers. I can stop them any time"), required=False
    )

    def agreed(self) -> list[str]:
        """This will give the kinds of consent that were ticked."""
        return [kind for kind in Consent.Kind if self.cleaned_data.get(kind.lower())]


class Profile(forms.Form):
    """What a customer may change without us, in a word."""

    occupation = forms.CharField(
        label=_("Occupation"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )


class AddPhone(forms.Form):
    """A further phone; it counts once its code was typed."""

    phone = PhoneField(help_text=_("We send a code to it"))


class MainPhone(forms.Form):
    """Which of the further phones takes the main one's place."""

    phone = forms.ChoiceField(
        label=_("New main phone"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a phone"), "invalid_choice": _("Choose a phone")},
    )

    def __init__(self, *args, choices: list[tuple[str, str]], **options):
        super().__init__(*args, **options)
        self.fields["phone"].choices = choices


class AddressForm(forms.ModelForm):
    """Where somebody lives, works or has a box."""

    class Meta:
        model = Address
        fields = ("kind", "line", "town", "county")
        labels = {
            "kind": _("Kind of address"),
            "line": _("Address"),
            "town": _("Town"),
            "county": _("County"),
        }
        help_texts = {"line": _("House, street or village; or the box and its code")}
        widgets = {
            "line": forms.TextInput(attrs={"autocomplete": "street-address"}),
            "town": forms.TextInput(attrs={"autocomplete": "address-level2"}),
        }
        error_messages = {
            "line": {"required": _("Enter the address")},
            "town": {"required": _("Enter the town")},
            "county": {"required": _("Choose the county")},
            "kind": {"required": _("Choose the kind of address")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Addresses of earlier days have neither; whoever writes one now knows both.
        self.fields["town"].required = self.fields["county"].required = True


class AskChange(Details):
    """One detail as it should be, and why."""

    reason = forms.CharField(
        label=_("Why is it wrong?"),
        help_text=_("Like: I married and have a new ID"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, in a sentence")},
    )

    def __init__(self, *args, field: str, **options):
        super().__init__(*args, **options)
        for name in set(self.fields) - {field, "reason"}:
            del self.fields[name]

    def value_of(self, field: str) -> str:
        """This will give the detail as text, a day as 2026-11-21."""
        value = self.cleaned_data[field]
        return value if isinstance(value, str) else value.isoformat()
