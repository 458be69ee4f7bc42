"""What somebody who registers tells us, one page at a time, and the profile."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access.forms import style_pin
from accounts.customers import names
from accounts.customers import operations as customers
from accounts.customers.models import Consent
from accounts.customers.refusals import BadNationalId, NotBornYet, TooYoung
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
        if not names.is_plausible(name):
            raise ValidationError(_("Enter your name in letters, as it stands on your ID"))
        if len(name.split()) < 2:
            raise ValidationError(_("Enter all your names, at least two"))
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


class Pin(forms.Form):
    """The transaction PIN, twice."""

    pin = forms.CharField(label=_("PIN"), help_text=_("4 digits. Not your year of birth, not 1234"))
    pin_again = forms.CharField(label=_("PIN again"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            style_pin(field)

    def clean(self):
        facts = super().clean()
        if facts.get("pin") and facts.get("pin_again") and facts["pin"] != facts["pin_again"]:
            self.add_error("pin_again", _("The two PINs are not the same. Type them again"))
        return facts


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
    """What a customer may change without us: where they live, what they do, news."""

    address = forms.CharField(
        label=_("Address"),
        help_text=_("House, street or village, town"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    occupation = forms.CharField(
        label=_("Occupation"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    news = forms.BooleanField(
        label=_("Send me news and offers. I can stop them any time"), required=False
    )
