"""What companies tell about themselves and their apps, and what customers choose to share."""

from allauth.idp.oidc.forms import AuthorizationForm
from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.access.pin_forms import style_pin
from accounts.partners import policy
from accounts.partners.models import PartnerApp
from accounts.partners.webhooks import TOPICS
from wekeza.kit.words import masked_account

TOPIC_WORDS = {
    "payment": _("Payments that you asked for"),
    "transaction": _("Money in and out of shared accounts"),
    "account": _("Shared accounts: that they begin or end, or their balance changed"),
    "consent": _("Consents that are given or end"),
}


class Lines(forms.CharField):
    """A box with one entry a line; cleaned to the list of them."""

    def __init__(self, **options):
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, **options)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value):
        lines = [line.strip() for line in super().clean(value).splitlines()]
        return list(dict.fromkeys(line for line in lines if line))


class Apply(forms.Form):
    """A company that wants to build on the bank."""

    name = forms.CharField(
        label=_("Company name"),
        help_text=_("Customers see it when they share an account with you"),
        max_length=80,
        error_messages={"required": _("Enter the name of your company")},
    )
    registration_no = forms.CharField(
        label=_("Registration number"),
        help_text=_("As on the certificate, like PVT-8LUXZ4A"),
        max_length=40,
        error_messages={"required": _("Enter the registration number of your company")},
    )
    website = forms.CharField(
        label=_("Website"),
        max_length=200,
        validators=[
            URLValidator(schemes=["https"], message=_("Enter an address that begins with https://"))
        ],
        error_messages={"required": _("Enter the address of your website")},
    )
    purpose = forms.CharField(
        label=_("What do you want to build?"),
        help_text=_("In a few sentences: for whom, and which accounts or payments it needs"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tell us what you want to build")},
    )


class AppDetails(forms.Form):
    """What an app may ask for, and from where."""

    scopes = forms.MultipleChoiceField(
        label=_("What it may ask customers for"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one")},
    )
    redirect_uris = Lines(
        label=_("Redirect addresses"),
        help_text=_("One a line, each exactly as you send it. Not needed for your own account"),
        required=False,
    )
    networks = Lines(
        label=_("IP addresses that it calls from"),
        help_text=_("One a line, like 196.201.214.0/24. Empty means from anywhere"),
        required=False,
    )

    def __init__(self, *args, scopes, language: str, **options):
        super().__init__(*args, **options)
        self.fields["scopes"].choices = [(row.code, row.words(language)) for row in scopes]


class NewApp(AppDetails):
    """A new app: also its name, and whether it is for trying."""

    name = forms.CharField(
        label=_("Name of the app"),
        max_length=60,
        error_messages={"required": _("Enter a name for the app")},
    )
    mode = forms.ChoiceField(
        label=_("What is it for?"),
        choices=[
            (PartnerApp.Mode.SANDBOX, _("Trying things with demo customers (sandbox)")),
            (PartnerApp.Mode.LIVE, _("Real customers (live)")),
        ],
        widget=forms.RadioSelect,
        initial=PartnerApp.Mode.SANDBOX,
    )
    field_order = ["name", "mode"]


class NewWebhook(forms.Form):
    """Where an app wants to be told, and what about."""

    url = forms.CharField(
        label=_("Address"),
        help_text=_("An https:// address of yours that answers within 10 seconds"),
        max_length=400,
        error_messages={"required": _("Enter the address that we send to")},
    )
    topics = forms.MultipleChoiceField(
        label=_("What should we tell you?"),
        choices=[(topic, TOPIC_WORDS[topic]) for topic in TOPICS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one")},
    )


class Agree(AuthorizationForm):
    """Which accounts a customer shares with an app and for how long; all of it is asked at once."""

    accounts = forms.MultipleChoiceField(
        label=_("Which accounts?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one account to share")},
    )
    days = forms.TypedChoiceField(
        label=_("For how long?"),
        coerce=int,
        widget=forms.RadioSelect,
        initial=policy.CONSENT_DAYS[1],
    )
    pin = forms.CharField(
        label=_("Enter your PIN"),
        max_length=4,
        help_text=_("4 digits. Nobody at the bank ever asks for it"),
    )

    def __init__(self, *args, holdings, **options):
        super().__init__(*args, **options)
        style_pin(self.fields["pin"])
        self.fields["scopes"].widget = forms.MultipleHiddenInput()
        self.fields["days"].choices = [
            (days, ngettext("{days} day", "{days} days", days).format(days=days))
            for days in policy.CONSENT_DAYS
        ]
        self.fields["accounts"].choices = [
            (holding.number, f"{holding.name} {masked_account(holding.number)}")
            for holding in holdings
        ]
