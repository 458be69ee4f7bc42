"""What people tell about a business: the company, its owners, its team and its mandate."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.access import phones
from accounts.access.pin_forms import style_pin
from accounts.businesses.mandates import Band
from accounts.businesses.models import Business, Member
from ledger.money import Money
from ledger.money_field import MoneyField

MOST_NEEDED = 5
NEEDED = [(str(n), n) for n in range(1, MOST_NEEDED + 1)]


def _text(label, *, longest, required, help_text="", **attrs) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=longest,
        error_messages={"required": required},
        widget=forms.TextInput(attrs={"autocomplete": "off"} | attrs),
    )


class Company(forms.Form):
    """The facts of a company, as they stand in its papers."""

    name = _text(
        _("Name of the company"),
        longest=120,
        required=_("Enter the name as on the certificate"),
        help_text=_("As on the certificate of registration"),
    )
    registration_no = _text(
        _("Registration number"),
        longest=20,
        required=_("Enter the number as on the certificate, like PVT-AB12CD3 or BN/2023/12345"),
        help_text=_("Begins with PVT, PLC, BN, LLP or the like"),
    )
    kra_pin = _text(
        _("KRA PIN of the company"),
        longest=20,
        required=_("Enter the KRA PIN of the company: P, 9 digits and a letter, like P051234567Z"),
        help_text=_("Begins with P; yours, with A, is another"),
    )
    sector = forms.ChoiceField(
        label=_("Sector"),
        choices=[("", _("Choose one")), *Business.Sector.choices],
        error_messages={"required": _("Choose the sector that fits best")},
    )
    nature = _text(
        _("What does it do?"),
        longest=200,
        required=_("Say in a few words what the company does"),
        help_text=_("Like: sells building materials to builders in Nairobi"),
    )
    address = _text(
        _("Address of the business"),
        longest=200,
        required=_("Enter building, street and town"),
        help_text=_("Building, street, town"),
    )


class Owner(forms.Form):
    """A natural person who owns a tenth or more."""

    full_name = _text(_("Full name"), longest=120, required=_("Enter the name as on the ID"))
    national_id = _text(
        _("ID number"),
        longest=20,
        required=_("Enter an ID number with 6 to 9 digits"),
        inputmode="numeric",
    )
    share_percent = _text(
        _("Share in percent"),
        longest=7,
        required=_("Enter the share, like 25 or 33.34"),
        help_text=_("Directly or through other companies, like 25 or 33.34"),
        inputmode="decimal",
    )

    def clean_national_id(self):
        return self.cleaned_data["national_id"].replace(" ", "")

    def clean_share_percent(self):
        typed = self.cleaned_data["share_percent"].replace("%", "").replace(",", ".").strip()
        try:
            share = Decimal(typed)
        except InvalidOperation:
            share = Decimal("NaN")
        if not share.is_finite() or share != round(share, 2):
            raise ValidationError(_("Enter the share, like 25 or 33.34"))
        return share


class Invite(forms.Form):
    """Whom to invite, by what, and to do what."""

    full_name = _text(_("Full name"), longest=120, required=_("Enter the name of the person"))
    contact = _text(
        _("Phone or e-mail address"),
        longest=120,
        required=_("Enter a phone number like 0722 000 418 or an e-mail address"),
        help_text=_("Only the person who has it can accept"),
    )
    roles = forms.MultipleChoiceField(
        label=_("What may this person do?"),
        choices=[
            (Member.Role.DIRECTOR, _("Director: changes the team and the mandate")),
            (Member.Role.SIGNATORY, _("Signatory: approves payments")),
            (Member.Role.MAKER, _("Prepares payments")),
            (Member.Role.VIEWER, _("Only looks")),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one")},
    )

    def clean_contact(self):
        typed = self.cleaned_data["contact"].strip()
        if phone := phones.normalised(typed):
            return phone
        try:
            validate_email(typed)
        except ValidationError as error:
            raise ValidationError(self.fields["contact"].error_messages["required"]) from error
        return typed.lower()


class Mandate(forms.Form):
    """Who must approve which amounts: up to two amounts, and what is above them."""

    up_to_1 = MoneyField(label=_("Payments up to"))
    needed_1 = forms.ChoiceField(label=_("Signatures needed"), choices=NEEDED)
    up_to_2 = MoneyField(label=_("Then up to"), required=False)
    needed_2 = forms.ChoiceField(label=_("Signatures needed"), choices=NEEDED, required=False)
    needed_above = forms.ChoiceField(
        label=_("Signatures needed above that"),
        choices=[("", _("Not allowed")), *NEEDED],
        required=False,
    )
    maker_counts = forms.BooleanField(
        label=_("Who prepares a payment may be one of those who approve it"), required=False
    )

    @property
    def bands(self) -> list[Band]:
        """This will give the lines of the mandate."""
        facts, counts = self.cleaned_data, self.cleaned_data["maker_counts"]
        bands = [Band(facts["up_to_1"].amount, int(facts["needed_1"]), counts)]
        if facts.get("up_to_2"):
            bands.append(Band(facts["up_to_2"].amount, int(facts["needed_2"] or 1), counts))
        if facts.get("needed_above"):
            bands.append(Band(None, int(facts["needed_above"]), counts))
        return bands

    @staticmethod
    def initial_of(bands) -> dict:
        """This will give what the boxes start with."""
        limited = [band for band in bands if band.up_to is not None][:2]
        start = {"maker_counts": any(band.maker_counts for band in bands)}
        for place, band in enumerate(limited, 1):
            start |= {f"up_to_{place}": band.limit, f"needed_{place}": str(band.needed)}
        above = [band for band in bands if band.up_to is None]
        return start | ({"needed_above": str(above[0].needed)} if above else {})


class Preview(forms.Form):
    """An amount, to see who must approve it."""

    amount = MoneyField(label=_("Amount"), required=False)

    @property
    def money(self) -> Money | None:
        """This will give the amount, if one was typed and understood."""
        return self.cleaned_data.get("amount") if self.is_bound and self.is_valid() else None


class Agree(forms.Form):
    """A signature under words that stand on the page."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    agree = forms.BooleanField(
        label=_("I have read the resolution and sign it"),
        error_messages={"required": _("Tick the box to sign the resolution")},
    )


class Pin(forms.Form):
    """The transaction PIN of a director who asks for a change or agrees to one."""

    pin = forms.CharField(
        label=_("Enter your PIN"), help_text=_("4 digits. Nobody at the bank ever asks for it")
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        style_pin(self.fields["pin"])


class Decide(Pin):
    """A director's yes to a change."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class InviteByTwo(Pin, Invite):
    """An invitation that a second director agrees to."""

    field_order = ["full_name", "contact", "roles", "pin"]


class MandateByTwo(Pin, Mandate):
    """A mandate that a second director agrees to."""

    field_order = [*Mandate.base_fields, "pin"]


class Reason(forms.Form):
    """Why something is turned down."""

    reason = _text(_("Reason"), longest=200, required=_("Say why, in a few words"))
