"""allauth's forms in our words, and the PIN's."""

from uuid import uuid4

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import devices, logins, passwords, phones, policy, queries, questions
from accounts.access import operations as access
from accounts.access.security_forms import answer_box
from accounts.notifications import operations as notifications
from wekeza.kit.errors import Refusal

KEEPS_MAIN = "email_beside_main"  # In the session: the address that is to stand beside it.


def _code_field(hint=None):
    return forms.CharField(
        label=_("Code"),
        help_text=hint or _("6 digits"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Enter the code, 6 digits")},
    )


class Login(account_forms.LoginForm):
    """E-mail or phone, and the password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("E-mail or phone number")
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none"}
        login.error_messages["required"] = _("Enter your e-mail or phone number")
        password.help_text = ""  # The page has the link to a new password beside the button.
        password.error_messages["required"] = _("Enter your password")

    def clean_login(self):
        """A phone as people write it becomes the form that we keep."""
        typed = super().clean_login()
        return phones.normalised(typed) or typed


class Register(account_forms.SignupForm):
    """The first step to an account: how to reach the person, and a password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        phone, email, password = (self.fields[name] for name in ("phone", "email", "password1"))
        phone.label = _("Phone number")
        phone.help_text = _("Your own Kenyan mobile number. We send a code to it")
        email.label = _("E-mail address")
        email.help_text = _("We send a second code to it")
        email.error_messages["required"] = _("Enter your e-mail address, like name@example.com")
        email.error_messages["invalid"] = _("Enter an e-mail address, like name@example.com")
        email.widget.attrs = {"type": "email", "autocomplete": "email"}
        password.help_text = passwords.hint(timezone.now())
        password.error_messages["required"] = _("Choose a password")

    # allauth pretends as soon as phone or e-mail is known, and then texts "you have an account" to
    # the phone that was typed. Whoever types their own phone and somebody else's e-mail would learn
    # that way who is a customer. So a known e-mail alone does not end the real flow: the phone gets
    # its code, and the second code's mail goes to the address's owner, in other words.

    def validate_unique_email(self, value):
        """This will note that the e-mail is known, without saying so."""
        phone = self.cleaned_data.get("phone") or ""
        access.begin_anew(email=value, phone=phone)
        email = super().validate_unique_email(value)
        self.email_is_known, self.account_already_exists = self.account_already_exists, False
        return email

    def _clean_phone(self):
        """A further phone of a customer is known as well as a main one, and answers the same."""
        super()._clean_phone()
        phone = self.cleaned_data.get("phone")
        if phone and queries.owner_of_phone(phone):
            self.account_already_exists = True

    def try_save(self, request):
        """This will take as long for a known phone as for a fresh one: hashing is slow."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def save(self, request):
        """This will keep a login that can never be finished when the e-mail is someone else's."""
        if not self.email_is_known:
            return super().save(request)
        typed = self.cleaned_data["email"]
        self.cleaned_data["email"] = f"{uuid4().hex}@unconfirmed.invalid"
        adapter = get_adapter(request)
        user = adapter.save_user(request, adapter.new_user(request), self)
        self.cleaned_data["email"] = typed
        EmailAddress.objects.create(user=user, email=typed, primary=True, verified=False)
        return user


# Held by settings and allauth: ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS.
_CODE_WITH_TRIES = _("6 digits. After 5 wrong codes you start again")


class _OfSomebody:
    """A code whose registration may be gone meanwhile: begun anew elsewhere, or given up."""

    def clean_code(self):
        """This will refuse every code then, in the same words as a wrong one."""
        if self.user is None:
            raise get_adapter().validation_error("incorrect_code")
        return super().clean_code()


class ConfirmPhone(_OfSomebody, account_forms.VerifyPhoneForm):
    """The code that was texted."""

    code = _code_field(_CODE_WITH_TRIES)


class ConfirmEmail(_OfSomebody, account_forms.ConfirmEmailVerificationCodeForm):
    """The code that was mailed."""

    code = _code_field(_CODE_WITH_TRIES)


class ChangePhone(account_forms.ChangePhoneForm):
    """Another phone number; it counts once its code was typed. Whose it is now is not said."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("New phone number")


class ChangeEmail(account_forms.ChangeEmailForm):
    """Another e-mail address while registering."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain_email(self.fields["email"])


class AddEmail(account_forms.AddEmailForm):
    """Another e-mail address in the settings; it counts once its code was typed."""

    is_further = forms.BooleanField(
        label=_("Keep my main address. This is one more"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain_email(self.fields["email"])

    def save(self, request):
        """This will remember for the code's page whether the main address stays."""
        is_further = self.cleaned_data["is_further"]
        request.session[KEEPS_MAIN] = self.cleaned_data["email"] if is_further else ""
        return super().save(request)


def _plain_email(field):
    field.label = _("New e-mail address")
    field.widget.attrs = {"type": "email", "autocomplete": "email"}
    field.error_messages["required"] = _("Enter your e-mail address, like name@example.com")
    field.error_messages["invalid"] = _("Enter an e-mail address, like name@example.com")


class ResetPassword(account_forms.ResetPasswordForm):
    """
    Where to send the link that sets a new password: an e-mail address or a phone. The link is the
    same kind either way: good once, for 30 minutes (SE24). The answer never says who is known.
    """

    email = forms.CharField(
        label=_("E-mail or phone number"),
        help_text=_("The one you log in with. We send a link to it"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": _("Enter your e-mail or phone number")},
    )

    def clean_email(self):
        typed = self.cleaned_data["email"].strip()
        self.phone = phones.normalised(typed)
        if self.phone is None:
            try:
                validate_email(typed)
            except ValidationError:
                raise ValidationError(
                    _("Enter an e-mail address, or a phone number like 0722 000 418")
                ) from None
            self.cleaned_data["email"] = typed
            return super().clean_email()
        user = queries.user_by_phone(self.phone)
        self.users = [user] if user is not None and user.is_active else []
        return self.phone

    def save(self, request, **kwargs):
        if self.phone is None:
            return super().save(request, **kwargs)
        adapter = get_adapter(request)
        if not self.users:
            adapter.send_unknown_account_sms(self.phone)
            return self.phone
        user = self.users[0]
        key = EmailAwarePasswordResetTokenGenerator().make_token(user)
        link = adapter.get_reset_password_from_key_url(f"{user_pk_to_url_str(user)}-{key}")
        notifications.queue(
            user=user,
            channel="SMS",
            kind="password_reset_link",
            recipient=self.phone,
            context={"link": link},
        )
        return self.phone


class _NewPassword:
    """Two boxes for a new password, in our words."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = passwords.hint(timezone.now())
        self.fields["password1"].error_messages["required"] = _("Choose a new password")
        self.fields["password2"].label = _("New password again")
        self.fields["password2"].error_messages["required"] = _("Type the new password again")


class SetNewPassword(_NewPassword, account_forms.ResetPasswordKeyForm):
    """The new password after a reset link, with the security questions where the bank asks any."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = questions.asked_of(self.user, at=timezone.now()) if self.user else []
        for row in self.asked:
            self.fields[f"answer_{row.question}"] = answer_box(row.get_question_display())

    @property
    def answers(self):
        """The boxes of the questions, for the page."""
        return [self[f"answer_{row.question}"] for row in self.asked]

    def clean(self):
        """This will look at the answers once the password itself is good."""
        facts = super().clean()
        if self.asked and not self.errors:
            typed = {row.question: facts[f"answer_{row.question}"] for row in self.asked}
            try:
                questions.check(self.user, answers=typed, at=timezone.now())
            except Refusal as refusal:
                raise ValidationError(str(refusal)) from refusal
        return facts


class NewPasswordAtLogin(_NewPassword, account_forms.SetPasswordForm):
    """A password in place of one that is too old."""

    def clean_password1(self):
        password = self.cleaned_data["password1"]
        if self.user.check_password(password):
            raise ValidationError(_("That is the one you have now. Enter the new one"))
        return password


class ChangePassword(_NewPassword, account_forms.ChangePasswordForm):
    """The present password and a new one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Present password")
        self.fields["oldpassword"].help_text = ""
        self.fields["oldpassword"].error_messages["required"] = _("Enter your present password")


class Reauthenticate(account_forms.ReauthenticateForm):
    """The password once more, before something sensitive."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["password"].error_messages["required"] = _("Enter your password")


class _AppCode:
    """A code of the authenticator app or a recovery code; judged once, in the database."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code_field(
            hint=_("6 digits from your authenticator app, or one of your recovery codes")
        )

    def clean_code(self):
        """This will spend the code on our device row, so that it signs in or authorises once."""
        code = self.cleaned_data["code"].replace(" ", "").replace("-", "")
        now = timezone.now()
        try:
            if policy.is_digits(code, policy.CODE_DIGITS):
                access.mfa.verify(user=self.user, code=code, at=now)
                self.authenticator = access.mfa.authenticator_of(self.user)
            else:
                self.authenticator = access.mfa.verify_recovery(user=self.user, code=code, at=now)
        except Refusal as refusal:
            facts = devices.facts_of(context.request)
            logins.wrong_code(self.user, facts=facts, at=now)
            raise ValidationError(str(refusal)) from refusal
        self.authenticator.user = self.user
        return code


class LoginWithApp(_AppCode, mfa_forms.AuthenticateForm):
    """The second step of logging in."""


class ReauthenticateWithApp(_AppCode, mfa_forms.ReauthenticateForm):
    """The authenticator app once more, before something sensitive."""


class ActivateApp(totp_forms.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    code = _code_field()


class CodeForm(forms.Form):
    """A form with one code: people leave spaces between digits, and phones paste them."""

    code = _code_field()

    def clean_code(self):
        """This will give the code without its spaces."""
        return "".join(self.cleaned_data["code"].split())


class ConfirmByCode(CodeForm):
    """The code that confirms the change, from the app or from the phone of now."""


def style_hidden(field: forms.Field) -> None:
    """This will make a box that a script fills; without one it says what is missing."""
    field.widget = forms.HiddenInput()
    field.error_messages["required"] = _("Use your passkey first")
