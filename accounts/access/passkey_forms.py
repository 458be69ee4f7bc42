"""Passkeys in allauth's forms: always with finger, face or PIN, and every refusal in our words."""

from contextlib import contextmanager

from allauth.core import context
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse

from accounts.access import devices, logins, passkeys
from accounts.access.forms import style_hidden

LONGEST_NAME = 40


@contextmanager
def _refused_in_our_words():
    """What is no credential at all makes the library stumble in several ways."""
    try:
        yield
    except passkeys.PasskeyCopied as refusal:
        raise ValidationError(str(refusal)) from refusal
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValidationError(str(passkeys.WrongPasskey())) from error


def _plain_name(field):
    field.label = _("Name")
    field.help_text = _("So that you know it again, like “My phone”")
    field.max_length = LONGEST_NAME
    field.widget.attrs = {"maxlength": str(LONGEST_NAME), "autocomplete": "off"}
    field.error_messages["required"] = _("Give the passkey a name")


class AddPasskey(webauthn_forms.AddWebAuthnForm):
    """A new passkey that can also log in alone, and its name."""

    passwordless = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain_name(self.fields["name"])
        style_hidden(self.fields["credential"])

    def clean_name(self):
        return super().clean_name()[:LONGEST_NAME]

    def clean_passwordless(self):
        """This will want one that knows who holds it, whatever the browser sent."""
        return True

    def clean(self):
        with _refused_in_our_words():
            return super().clean()


class NamePasskey(webauthn_forms.EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain_name(self.fields["name"])


class _Signed:
    """A signature of a passkey; one that is refused is written into the login history."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        style_hidden(self.fields["credential"])

    def clean_credential(self):
        try:
            with _refused_in_our_words():
                told = AuthenticationResponse.from_dict(self.cleaned_data["credential"])
                key = super().clean_credential()
                passkeys.count(key, counter=told.response.authenticator_data.counter)
                return key
        except ValidationError:
            if self.user is not None:
                facts = devices.facts_of(context.request)
                logins.wrong_code(self.user, facts=facts, at=timezone.now())
            raise


class LoginWithPasskey(_Signed, webauthn_forms.AuthenticateWebAuthnForm):
    """The second step of logging in."""


class LoginWithPasskeyAlone(_Signed, webauthn_forms.LoginWebAuthnForm):
    """Logging in without a password."""


class ReauthenticateWithPasskey(_Signed, webauthn_forms.ReauthenticateWebAuthnForm):
    """The passkey once more, before something sensitive."""
