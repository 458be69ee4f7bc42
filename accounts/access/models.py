"""Logins, transaction PINs, one-time codes and the history of logging in."""

import uuid
from base64 import b32decode

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device
from django_otp.oath import TOTP

from accounts.access import policy
from wekeza.kit.encryption import EncryptedTextField


class UserManager(BaseUserManager):
    """Makes users with a normalised e-mail and a hashed password."""

    use_in_migrations = True

    def create_user(self, email, password=None, **facts):
        user = self.model(email=self.normalize_email(email).lower(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """
    A login. The person behind it is a customer (accounts.customers) or a member of staff.

    The phone is kept encrypted; `phone_index` is its keyed hash, for exact search.
    """

    class Theme(models.TextChoices):
        AUTO = "auto", _("As on my phone")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class LoginCode(models.TextChoices):
        """Where the code comes from that is asked for after the password (IA16, IA25)."""

        NONE = "", _("No code")
        SMS = "SMS", _("By text")
        EMAIL = "EMAIL", _("By e-mail")

    email = models.EmailField(unique=True)
    phone = EncryptedTextField(
        blank=True, default="", context="user.phone", bound_to=("phone_index",)
    )
    phone_index = models.CharField(max_length=64, blank=True, default="")
    is_phone_verified = models.BooleanField(default=False)
    factor_changed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When phone, e-mail address or authenticator app was last changed.",
    )
    phone_changed_at = models.DateTimeField(
        null=True, blank=True, help_text="When another proved number took the place of one."
    )
    login_code = models.CharField(
        max_length=5, choices=LoginCode.choices, blank=True, default=LoginCode.NONE
    )
    password_changed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the password was last chosen; else with the login."
    )
    language = models.CharField(max_length=5, default="en")
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    hides_balances = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="access_phone_belongs_to_one_login",
                fields=["phone_index"],
                condition=Q(is_phone_verified=True),
            ),
            # Whoever may do everything would pass every desk alone (accounts/staff).
            models.CheckConstraint(
                name="access_nobody_is_a_superuser", condition=Q(is_superuser=False)
            ),
        ]

    def __str__(self):
        return f"login {self.pk}"


class TransactionPin(Device):
    """
    The four-digit secret that authorises small payments, as a django-otp device.

    Three wrong tries lock it for a while (X20). Only the Argon2id hash of its keyed hash is kept,
    so that a stolen table cannot be searched through the ten thousand PINs there are. It is kept
    unconfirmed: django-otp then never lists it as a second factor of signing in.
    """

    pin_hash = models.CharField(max_length=200)
    replaced_at = models.DateTimeField(
        null=True, blank=True, help_text="When it took the place of a forgotten one."
    )
    failures = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="access_one_pin_a_login", fields=["user"])]

    def __str__(self):
        return f"PIN of login {self.user_id}"

    def verify_token(self, token) -> bool:
        """
        This will judge one try and count it; django_otp.verify_token holds the row's lock.

        Only a `policy.Try` counts: it carries the moment. A bare string from a login form never
        passes, because a PIN authorises payments and signs nobody in.
        """
        if not isinstance(token, policy.Try) or is_locked(self, at=token.at):
            return False
        is_right = check_password(policy.peppered_pin(token, user_id=self.user_id), self.pin_hash)
        count_try(self, is_right=is_right, most=policy.PIN_TRIES, at=token.at)
        return is_right


class MfaDevice(Device):
    """django-otp's view of what allauth.mfa holds for a login; it keeps no secret of its own."""

    failures = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(
        default=-1, help_text="The newest 30-second step whose code was accepted."
    )
    last_intent_digest = models.CharField(max_length=64, blank=True, default="")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="access_one_mfa_a_login", fields=["user"])]

    def __str__(self):
        return f"second factor of login {self.user_id}"

    def verify_token(self, token) -> bool:
        """
        This will judge one code of the authenticator app, and spend it; django_otp.verify_token
        holds the row's lock. A spent code passes again only for the intent it was spent on, so
        that a second tap of one payment does not fail.
        """
        if not isinstance(token, policy.Try) or is_locked(self, at=token.at):
            return False
        step = _step_of(self.user_id, token)
        if step is not None and step <= self.last_step:
            # Used before. Not counted as wrong: whoever typed it does hold the device.
            token.was_used = True
            is_same_deed = step == self.last_step and token.intent_digest != ""
            return is_same_deed and token.intent_digest == self.last_intent_digest
        if step is not None:
            self.last_step, self.last_intent_digest = step, token.intent_digest
        count_try(self, is_right=step is not None, most=policy.CODE_TRIES, at=token.at)
        return step is not None


def is_locked(device, *, at) -> bool:
    """Too many wrong tries were made on this device, and the lock still stands at `at`."""
    return device.locked_until is not None and at < device.locked_until


def count_try(device, *, is_right: bool, most: int, at) -> None:
    """This will clear the counter after a right try, and lock the device at the last wrong one."""
    device.failures = 0 if is_right else device.failures + 1
    if device.failures >= most:
        device.failures, device.locked_until = 0, at + policy.LOCK
    device.save()


def _step_of(user_id: int, code: policy.Try) -> int | None:
    """The 30-second step (RFC 6238) that a code belongs to, now or one step away; else None."""
    totp = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).first()
    if totp is None or not policy.is_digits(code, policy.CODE_DIGITS):
        return None
    clock = TOTP(b32decode(decrypt(totp.data["secret"])), digits=policy.CODE_DIGITS)
    clock.time = code.at.timestamp()
    return clock.t() if clock.verify(int(code), tolerance=1) else None


class Challenge(models.Model):
    """
    A one-time code that authorises one intent and nothing else.

    `intent_digest` is the SHA-256 of what the customer was shown; an edited intent has another
    digest, so its old code authorises nothing (decision 23, ux.md check 10). On the channel KEY no
    code was sent: a passkey was asked, and `code_hash` is the challenge that it signs, in hex.
    """

    class State(models.TextChoices):
        OPEN = "OPEN"
        PASSED = "PASSED"
        LOCKED = "LOCKED"  # The last wrong try; sending is off until `locked_until`.
        REPLACED = "REPLACED"  # A newer code was sent, or the intent changed.

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20)
    intent = models.CharField(max_length=80, help_text="Label and id of what it authorises.")
    intent_digest = models.CharField(max_length=64)
    channel = models.CharField(max_length=5, default="SMS")
    code_hash = models.CharField(max_length=200)
    tries = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["intent", "state"], name="access_challenge_by_intent"),
            models.Index(fields=["user", "-sent_at"], name="access_challenge_of_user"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="access_one_open_code_an_intent", fields=["intent"], condition=Q(state="OPEN")
            ),
            models.CheckConstraint(
                name="access_code_has_five_tries", condition=Q(tries__gte=0, tries__lte=5)
            ),
        ]

    def __str__(self):
        return f"{self.purpose} {self.public_id}"


class How(models.TextChoices):
    """How somebody came in."""

    PASSWORD = "PASSWORD", _("Password")  # noqa: S105 - a word for the history, no secret.
    PASSKEY = "PASSKEY", _("Passkey")
    TOKEN = "TOKEN", _("App or program")  # noqa: S105


class LoginEvent(models.Model):
    """One attempt to sign in, for the customer's own history and for support."""

    class Result(models.TextChoices):
        IN = "IN", _("Signed in")
        REFUSED = "REFUSED", _("Wrong password")
        BLOCKED = "BLOCKED", _("Too many tries")
        WRONG_CODE = "CODE", _("Wrong code")
        OUT = "OUT", _("Signed out")

    user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="login_events"
    )
    result = models.CharField(max_length=8, choices=Result.choices)
    login_index = models.CharField(
        max_length=64, blank=True, default="", help_text="Keyed hash of what was typed."
    )
    ip_address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=120, blank=True, default="")
    how = models.CharField(max_length=8, choices=How.choices, blank=True, default="")
    is_new_device = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="access_login_events_of_user"),
            models.Index(
                fields=["login_index", "-created_at"],
                name="access_refused_logins",
                condition=Q(result="REFUSED"),
            ),
            models.Index(
                fields=["ip_address", "-created_at"],
                name="access_refused_from_address",
                condition=Q(result="REFUSED"),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.result}"

    @property
    def is_refused(self) -> bool:
        return self.result not in {self.Result.IN, self.Result.OUT}


class KnownDevice(models.Model):
    """A browser in which a login was signed in before, by a cookie of its own (IA17)."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    cookie_index = models.CharField(max_length=64, help_text="Keyed hash of the cookie.")
    name = models.CharField(max_length=120, blank=True, default="")
    ip_address = models.GenericIPAddressField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="access_device_is_known_once_a_login", fields=["user", "cookie_index"]
            )
        ]

    def __str__(self):
        return f"device #{self.pk} of login {self.user_id}"


class DeviceSession(models.Model):
    """
    One time of being signed in, in a browser or with tokens, until it ends (IA39). Every request
    asks this row, so that ending it shuts the door at once, whatever a cache still holds.
    """

    class Ended(models.TextChoices):
        OUT = "OUT", _("Logged out")
        IDLE = "IDLE", _("Nobody was there")
        AGE = "AGE", _("Open for too long")
        REMOTE = "REMOTE", _("Ended from another device")
        PASSWORD = "PASSWORD", _("Password changed")  # noqa: S105 - a reason, no secret.
        FACTOR = "FACTOR", _("Security settings changed")
        BANK = "BANK", _("Ended by the bank")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=How.choices)
    key_index = models.CharField(
        max_length=64, blank=True, default="", help_text="Keyed hash of a browser's session key."
    )
    known_device = models.ForeignKey(
        KnownDevice, on_delete=models.PROTECT, null=True, related_name="+"
    )
    device = models.CharField(max_length=120, blank=True, default="")
    ip_address = models.GenericIPAddressField(null=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="The last request, written once a minute at most.")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, choices=Ended.choices, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["user", "-id"],
                name="access_open_sessions_of_user",
                condition=Q(ended_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="access_ended_session_says_why",
                condition=Q(ended_at__isnull=True, ended_by="")
                | Q(ended_at__isnull=False) & ~Q(ended_by=""),
            )
        ]

    def __str__(self):
        return f"session {self.public_id}"
