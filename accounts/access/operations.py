"""What can be done to a login. Codes, PINs and the authenticator app have modules of their own."""

from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.access import challenges, mfa, pins, queries, sessions, step_up
from accounts.access.models import Challenge, DeviceSession, KnownDevice, LoginEvent, User
from accounts.access.refusals import LoginTaken
from accounts.notifications import operations as notifications
from ledger.controls import audit, outbox
from wekeza.kit.actor import Actor

__all__ = [
    "begin_anew",
    "challenges",
    "change_pin",
    "forget_unfinished",
    "let_in",
    "mfa",
    "note_factor_change",
    "open_login",
    "pins",
    "readdress",
    "replace_pin",
    "set_phone",
    "step_up",
]


def open_login(
    *, email: str, phone: str = "", password: str, is_confirmed: bool = True, **facts
) -> User:
    """
    This will make a login whose e-mail and phone (+254 and nine digits) count as confirmed, if
    nothing else is said: for staff, the demo bank and tests. Customers come through the codes of
    /register/.

    :raises LoginTaken: if the e-mail address or the phone belongs to a login.
    """
    email = email.strip().lower()
    _refuse_taken(email, phone)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email,
                password,
                phone=phone,
                phone_index=queries.phone_index(phone) if phone else "",
                is_phone_verified=is_confirmed and bool(phone),
                **facts,
            )
            EmailAddress.objects.create(
                user=user, email=user.email, primary=True, verified=is_confirmed
            )
    except IntegrityError:
        raise LoginTaken() from None  # The database's words hold the address.
    return user


@transaction.atomic
def readdress(user: User, *, email: str, phone: str) -> User:
    """
    This will give a login that was made shut, and not let in yet, another e-mail address and phone
    (+254 and nine digits).

    :raises LoginTaken: if one of them belongs to another login.
    """
    email = email.strip().lower()
    _refuse_taken(email, phone, beside=user)
    EmailAddress.objects.filter(user=user, email=user.email).update(email=email)
    user.email, user.phone, user.phone_index = email, phone, queries.phone_index(phone)
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "phone", "phone_index", "updated_at"])
    except IntegrityError:
        raise LoginTaken() from None
    return user


def let_in(user: User) -> None:
    """
    This will open a login that was made shut: it is active, and its e-mail address and phone count
    as confirmed.

    :raises LoginTaken: if another login has confirmed the phone meanwhile.
    """
    user.is_active, user.is_phone_verified = True, bool(user.phone)
    try:
        with transaction.atomic():
            user.save(update_fields=["is_active", "is_phone_verified", "updated_at"])
            EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)
    except IntegrityError:
        raise LoginTaken() from None


@transaction.atomic
def set_phone(user: User, *, phone: str, is_verified: bool, at: datetime) -> None:
    """
    This will keep a phone (+254 and nine digits) with a login. When a proved number takes the place
    of another proved number, the old one is told and large payments wait (rule 26). The database
    lets no phone, main or further, belong to two customers: whoever comes second meets an
    IntegrityError.
    """
    before = user.phone if user.is_phone_verified else ""
    user.phone, user.is_phone_verified = phone, is_verified
    user.phone_index = queries.phone_index(phone)
    user.save(update_fields=["phone", "phone_index", "is_phone_verified", "updated_at"])
    if is_verified and before and before != phone:
        user.phone_changed_at = at
        user.save(update_fields=["phone_changed_at"])
        note_factor_change(user, at=at)
        notifications.queue(user=user, channel="SMS", kind="phone_changed", recipient=before)
        outbox.publish("phone.changed", {"user": user.pk})
        audit.record(actor=Actor("LOGIN", str(user.pk)), deed="access.phone_changed", subject=user)


def note_factor_change(user: User, *, at: datetime) -> None:
    """This will make large payments wait: a phone, an e-mail address or the app is another now."""
    user.factor_changed_at = at
    user.save(update_fields=["factor_changed_at", "updated_at"])


def change_pin(user: User, *, old_pin: str, new_pin: str, at: datetime, actor: Actor) -> None:
    """
    This will put a new transaction PIN in place of the present one, and tell the customer.

    :raises WrongPin: if the present PIN is not right; says how many tries are left.
    :raises CodeLocked: while too many wrong tries keep it locked.
    :raises NoPin: if there is none yet.
    :raises WeakPin: if the new one is among those that thieves try first.
    """
    born = _born(user)
    pins.check(new_pin, date_of_birth=born)
    pins.verify(user=user, pin=old_pin, at=at, may_be_new=True)
    with transaction.atomic():
        pins.choose(user=user, pin=new_pin, date_of_birth=born, actor=actor)
        notifications.queue(user=user, channel="SMS", kind="pin_changed")


def replace_pin(
    user: User,
    *,
    new_pin: str,
    at: datetime,
    actor: Actor,
    session: DeviceSession,
) -> None:
    """
    This will put a new transaction PIN in place of one that was forgotten, after a step-up for it
    in this session; tell the customer by text and e-mail; make large payments wait; and end the
    login's other sessions. For a day the new PIN sends small payments only (`pins.verify`).

    :raises NoPin: if there is none yet.
    :raises PinLocked: or PinWaits, as `step_up.begin_by_password`.
    :raises BadPin: if it is not four digits.
    :raises WeakPin: if the new one is among those that thieves try first.
    """
    step_up.check_may_replace_pin(user, device=session.known_device, at=at)
    born = _born(user)
    pins.check(new_pin, date_of_birth=born)
    with transaction.atomic():
        pins.choose(user=user, pin=new_pin, date_of_birth=born, actor=actor, replaced_at=at)
        note_factor_change(user, at=at)
        for channel in ("SMS", "EMAIL"):
            notifications.queue(user=user, channel=channel, kind="pin_replaced")
        factor = DeviceSession.Ended.FACTOR
        sessions.end_others(user, why=factor, at=at, actor=actor, keep=session.public_id)


def forget_unfinished(*, before: datetime) -> int:
    """
    This will delete logins that were begun before a moment and never got through both codes, so
    that nobody keeps someone else's e-mail address or phone taken, and give their number.
    """
    return _forget(queries.unfinished().filter(created_at__lt=before))


def begin_anew(*, email: str, phone: str) -> None:
    """
    This will delete registrations with this e-mail or phone that never got through both codes: the
    same person often begins again, and whoever holds both will prove it with the new codes.
    """
    same = Q(email=email) | Q(emailaddress__email=email)
    if phone:
        same |= Q(phone_index=queries.phone_index(phone), is_phone_verified=True)
    _forget(queries.unfinished().filter(same))


def _born(user: User) -> date | None:
    return user.customer.date_of_birth if hasattr(user, "customer") else None


def _refuse_taken(email: str, phone: str, *, beside: User | None = None) -> None:
    owner = queries.user_by_phone(phone) if phone else None
    if queries.is_known_email(email, beside=beside) or owner not in (None, beside):
        raise LoginTaken()


@transaction.atomic
def _forget(logins) -> int:
    ids = list(logins.values_list("pk", flat=True).distinct())
    LoginEvent.objects.filter(user__in=ids).delete()
    DeviceSession.objects.filter(user__in=ids).delete()
    KnownDevice.objects.filter(user__in=ids).delete()
    Challenge.objects.filter(user__in=ids).delete()
    notifications.disown(ids)
    User.objects.filter(pk__in=ids).delete()
    return len(set(ids))
