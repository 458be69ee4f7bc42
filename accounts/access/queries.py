"""Reads of access: locks, devices, the history of signing in, and who has which phone."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from accounts.access import phones, policy
from accounts.access.models import (
    Challenge,
    DeviceSession,
    KnownDevice,
    LoginEvent,
    MfaDevice,
    TransactionPin,
    User,
)
from wekeza.kit.encryption import blind_index


def sending_off_until(user: User, *, at: datetime) -> datetime | None:
    """
    This will give the moment until which nothing can be authorised by this login, or None.

    PIN, texted code and authenticator share one lock: whoever guesses at one may not go on with
    another.
    """
    locks = [
        *TransactionPin.objects.filter(user=user, locked_until__gt=at).values_list(
            "locked_until", flat=True
        ),
        *MfaDevice.objects.filter(user=user, locked_until__gt=at).values_list(
            "locked_until", flat=True
        ),
        *Challenge.objects.filter(user=user, locked_until__gt=at).values_list(
            "locked_until", flat=True
        ),
    ]
    return max(locks, default=None)


def open_challenge(*, intent: str, user: User) -> Challenge | None:
    """This will give the newest code that was sent for one intent of this login, if any."""
    return Challenge.objects.filter(intent=intent, user=user).order_by("-id").first()


def has_pin(user: User) -> bool:
    """This will say whether the login has a transaction PIN."""
    return TransactionPin.objects.filter(user=user).exists()


def has_authenticator(user: User) -> bool:
    """This will say whether the login has an authenticator app."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def passkeys_of(user: User) -> QuerySet[Authenticator]:
    """This will give the passkeys of a login, the oldest first."""
    passkeys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return passkeys.order_by("id")


def has_passkey(user: User) -> bool:
    """This will say whether the login has a passkey."""
    return passkeys_of(user).exists()


def large_payments_from(user: User, *, at: datetime) -> datetime | None:
    """
    This will give the moment from which this login may authorise more than a PIN does, or None if
    it may now. After a change of phone, e-mail address or authenticator app they wait a day (rule
    26): whoever got in and changed it meets the owner, who was told, before large money leaves.
    """
    changed = User.objects.filter(pk=user.pk).values_list("factor_changed_at", flat=True).first()
    return opens_after(changed, at=at)


def pin_replaced_at(user: User) -> datetime | None:
    """This will give the moment at which this login's PIN took the place of a forgotten one."""
    return TransactionPin.objects.filter(user=user).values_list("replaced_at", flat=True).first()


def opens_after(changed: datetime | None, *, at: datetime) -> datetime | None:
    """This will give the end of the wait of a day after a change, or None after it."""
    opens = changed and changed + policy.NEW_FACTOR_WAITS
    return opens if opens and at < opens else None


def new_pin_from(user: User, *, device: KnownDevice | None, at: datetime) -> datetime | None:
    """
    This will give the moment from which this login may choose a new PIN without the present one, in
    a browser, or None if it may now: a day after its password, or a way to reach it, was changed,
    and after it was first used there. Where the browser is not known, only the clock starts.
    """
    found = User.objects.filter(pk=user.pk).values("factor_changed_at", "password_changed_at").get()
    changes = [*found.values(), device.first_seen_at if device else at]
    return opens_after(max(filter(None, changes)), at=at)


def owner_of_phone(phone: str) -> User | None:
    """
    This will find the login that a phone (+254 and nine digits) belongs to: as its own, or beside
    it as a further phone of its customer (kenya.md 7.2: one customer a verified phone).
    """
    beside = Q(
        customer__further_phones__phone_index=phone_index(phone),
        customer__further_phones__confirmed_at__isnull=False,
    )
    return user_by_phone(phone) or User.objects.filter(beside).first()


def user_by_phone(phone: str) -> User | None:
    """This will find the login that proved to own a phone, given as +254 and nine digits."""
    index = phone_index(phone)
    return User.objects.filter(phone_index=index, is_phone_verified=True).first()


def phone_index(phone: str) -> str:
    """This will give the keyed hash under which a phone is found."""
    return blind_index(phone, context="user.phone")


def user_by_login(typed: str) -> User | None:
    """This will find the login that an e-mail address or a phone, as typed, belongs to."""
    if phone := phones.normalised(typed):
        return user_by_phone(phone)
    return User.objects.filter(email=typed.strip().lower()).first()


def unfinished() -> QuerySet[User]:
    """
    This will give registrations that nobody ever logged in to: a code is still missing. A login
    that was made for somebody hired is none.
    """
    nobody_yet = {"customer": None, "staff_member": None}
    return User.objects.filter(last_login=None, is_staff=False, **nobody_yet)


def is_known_email(email: str, *, beside: User | None = None) -> bool:
    """This will say whether another login than `beside` has this e-mail address."""
    others = User.objects.filter(Q(email=email) | Q(emailaddress__email=email))
    return others.exclude(pk=getattr(beside, "pk", None)).exists()


def logins_of(
    user: User, *, most: int, before: int | None = None, result: str = "", device: str = ""
) -> list[LoginEvent]:
    """
    This will give the newest attempts to sign in as this login, those older than the event with
    the id `before`, of one result and of browsers whose name has `device` in it (IA17).
    """
    events = LoginEvent.objects.filter(user=user)
    if result:
        events = events.filter(result=result)
    if device:
        events = events.filter(device__icontains=device)
    if before:
        events = events.filter(pk__lt=before)
    return list(events.order_by("-id")[:most])


def sessions_of(user: User) -> QuerySet[DeviceSession]:
    """This will give the open sessions of a login, the one that was used last first (IA39)."""
    return DeviceSession.objects.filter(user=user, ended_at=None).order_by("-seen_at", "-id")


def last_login_of(user: User) -> LoginEvent | None:
    """This will give the newest time that this login signed in."""
    events = LoginEvent.objects.filter(user=user, result=LoginEvent.Result.IN)
    return events.order_by("-id").first()


def logins_held_on(customer) -> list[dict]:
    """This will give every attempt to sign in as the customer, for the copy of their data."""
    return [
        {
            "when": event.created_at,
            "what": event.get_result_display(),
            "device": event.device,
            "internet_address": event.ip_address,
        }
        for event in LoginEvent.objects.filter(user=customer.user_id).order_by("-id")
    ]
