"""
Where django-allauth meets this bank: phones live on our User, messages go through notifications,
wrong passwords are counted in the database, secrets are encrypted with our key ring.
"""

from io import BytesIO

import segno
from allauth.account import signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.access import devices, logins, passkeys, passwords, queries
from accounts.access import operations as access
from accounts.access.forms import KEEPS_MAIN
from accounts.access.phones import PhoneField
from accounts.notifications import operations as notifications
from wekeza.kit.encryption import decrypt, encrypt

MISMATCH = _(
    "That e-mail or phone and password do not match, or the account is not active. "
    "Check them, or reset your password"
)
TOO_MANY = _("Too many tries. Wait 15 minutes, then try again")
WRONG_CODE = _("That code is not right. Check it and try again")

# allauth says something after every step; pages of ours say it themselves, but for these.
SPOKEN = {
    "account/messages/password_changed.txt",
    "account/messages/password_set.txt",
    "account/messages/email_confirmed.txt",
    "account/messages/email_deleted.txt",
    "account/messages/primary_email_set.txt",
    "account/messages/phone_verified.txt",
    "mfa/messages/totp_activated.txt",
    "mfa/messages/totp_deactivated.txt",
    "mfa/messages/webauthn_added.txt",
    "mfa/messages/webauthn_removed.txt",
}


class AccountAdapter(DefaultAccountAdapter):
    """allauth's accounts over our User."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": MISMATCH,
        "phone_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
        "account_inactive": MISMATCH,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": _("We sent a code just now. Wait a minute, then ask for another"),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("That password is not right. Check it and try again"),
        "enter_current_password": _("That is not your present password. Check it and try again"),
        "invalid_password_reset": _("This link is no longer good. Ask for a new one"),
        "email_taken": _("This e-mail address can’t be used here. Use another"),
        "phone_taken": _("This phone number can’t be used here. Use another"),
        "same_as_current": _("That is the one you have now. Enter the new one"),
    }

    # Signing in

    def pre_authenticate(self, request, **credentials):
        """This will count the attempt before its password is looked at."""
        typed = credentials.get("email") or credentials.get("phone") or credentials.get("username")
        typed = str(typed or "")
        request.login_attempt = logins.begin(
            typed=typed,
            user=queries.user_by_login(typed),
            facts=devices.facts_of(request),
            at=timezone.now(),
        )
        if request.login_attempt is None:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request, **credentials):
        """
        This will give the user whose password it is. An account that is not active answers like a
        wrong password, and stays counted: nobody learns which it was.
        """
        user = super().authenticate(request, **credentials)
        if user is None or not user.is_active:
            return None
        logins.passed(request.login_attempt)
        return user

    def get_login_stages(self):
        """After allauth's own: the code by text or e-mail, and a password that is too old."""
        ours = ["accounts.access.stages.CodeStage", "accounts.access.stages.NewPasswordStage"]
        return [*super().get_login_stages(), *ours]

    def set_password(self, user, password):
        passwords.choose(user, password=password, at=timezone.now())

    def get_login_redirect_url(self, request):
        return reverse("accounts:customers:next_step") if _is_unfinished(request.user) else "/"

    def get_signup_redirect_url(self, request):
        return reverse("accounts:customers:next_step")

    def get_password_change_redirect_url(self, request):
        return reverse("accounts:access:security")

    def get_email_verification_redirect_url(self, email_address):
        if hasattr(self.request.user, "customer"):
            return reverse("accounts:customers:profile")
        return self.get_login_redirect_url(self.request)

    def is_reauthentication_required(self, *, app: str, **options) -> bool:
        """
        This will ask for nothing more where the gate stands, which asked for the PIN and a code. A
        page that somebody forgot to put behind it asks for the password at least.
        """
        return not getattr(self.request, "is_stepped_up", False)

    @transaction.atomic
    def confirm_email(self, request, email_address):
        """
        This will take the new address and make large payments wait, both or neither. It takes the
        main one's place, unless the customer wanted it beside (CK14); the old one is told.
        """
        is_new = email_address.pk is None
        is_done = super().confirm_email(request, email_address)
        if is_done and is_new:
            self._place_email(request, email_address)
        return is_done

    def _place_email(self, request, new):
        user, main = new.user, EmailAddress.objects.get_primary(new.user)
        if main is None or main.pk == new.pk:
            return
        if request.session.pop(KEEPS_MAIN, "") == new.email:
            access.note_factor_change(user, at=timezone.now())  # A password can be reset there.
            self.send_notification_mail("account/email/email_added", user, email=main.email)
            return
        new.set_as_primary()
        main.remove()
        signals.email_changed.send(
            sender=EmailAddress,
            request=request,
            user=user,
            from_email_address=main,
            to_email_address=new,
        )
        self.send_notification_mail("account/email/email_changed", user, email=main.email)

    # Phones

    def phone_form_field(self, **kwargs):
        return PhoneField(**kwargs)

    def set_phone(self, user, phone, verified):
        access.set_phone(user, phone=phone, is_verified=verified, at=timezone.now())

    def get_phone(self, user):
        return (user.phone, user.is_phone_verified) if user.phone else None

    def set_phone_verified(self, user, phone):
        try:
            with transaction.atomic():
                access.set_phone(user, phone=phone, is_verified=True, at=timezone.now())
        except IntegrityError as error:
            # Two people confirmed the same number side by side; the first one has it.
            raise self.validation_error("phone_taken") from error

    def get_user_by_phone(self, phone):
        return queries.user_by_phone(phone)

    # Messages

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        self._text("code_phone", phone, user=user, code=code)

    def send_unknown_account_sms(self, phone, **kwargs):
        self._text("unknown_account", phone)

    def send_account_already_exists_sms(self, phone):
        self._text("account_already_exists", phone)

    def new_user(self, request):
        """This will begin a login in the language of the page."""
        user = super().new_user(request)
        user.language = get_language()
        return user

    def send_confirmation_mail(self, request, emailconfirmation, signup):
        """
        This will mail the code; when the address is another login's, its owner reads that they have
        an account already, and nobody gets a code (see forms.Register).
        """
        address = emailconfirmation.email_address
        if signup and queries.is_known_email(address.email, beside=address.user):
            self.send_account_already_exists_mail(address.email)
        else:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def send_mail(self, template_prefix, email, context):
        """This will queue allauth's mail; templates/mail/ has our words for each."""
        context = {name: value for name, value in context.items() if name != "request"}
        user = context.get("user") or _person(self.request)
        notifications.queue(
            user=user if getattr(user, "pk", None) else None,
            channel="EMAIL",
            kind=template_prefix.rpartition("/")[2],
            recipient=email,
            context={"email": email, "site_url": self.request.build_absolute_uri("/")} | context,
            language=get_language(),
        )

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        if message_template is None or message_template in SPOKEN:
            super().add_message(request, level, message_template, *args, **kwargs)

    def _text(self, kind, phone, *, user=None, **context):
        context["host"] = self.request.get_host().partition(":")[0]
        notifications.queue(
            user=user,
            channel="SMS",
            kind=kind,
            recipient=phone,
            context=context,
            language=get_language(),
        )


class MfaAdapter(DefaultMFAAdapter):
    """allauth's second factors, their secrets under our key ring (AES-256-GCM, X15)."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def encrypt(self, text):
        return encrypt(text, context="mfa.secret")

    def decrypt(self, encrypted_text):
        return decrypt(encrypted_text, context="mfa.secret")

    def get_public_key_credential_rp_entity(self):
        return super().get_public_key_credential_rp_entity() | {"name": passkeys.BANK}

    def generate_authenticator_name(self, user, type):  # noqa: A002 - allauth's word.
        """The browser it is made in: "Chrome · Android"."""
        return devices.facts_of(context.request).device or _("Passkey")

    def build_totp_svg(self, url):
        """This will draw the code as SVG without style attributes, on white in dark mode too."""
        drawing = BytesIO()
        segno.make(url, error="m").save(
            drawing,
            kind="svg",
            border=4,
            light="#fff",
            xmldecl=False,
            svgclass="wk-qr",
            lineclass=None,
            scale=4,
        )
        return drawing.getvalue().decode()


def _is_unfinished(user) -> bool:
    return not user.is_staff and not hasattr(user, "customer")


def _person(request):
    return request.user if request.user.is_authenticated else None
