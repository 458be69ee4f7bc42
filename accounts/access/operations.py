"""What can be done to a login. Codes, PINs and the authenticator app have modules of their own."""

from datetime import datetime

from django.db import transaction

from accounts.access import challenges, mfa, pins, queries
from accounts.access.models import Challenge, LoginEvent, User
from accounts.notifications import operations as notifications
from ledger.controls import audit
from wekeza.kit.actor import Actor

__all__ = ["challenges", "change_pin", "forget_unfinished", "mfa", "pins", "set_phone"]


@transaction.atomic
def set_phone(user: User, *, phone: str, is_verified: bool) -> None:
    """
    This will keep a phone (+254 and nine digits) with a login. When a proved number takes the place
    of another proved number, the old one is told (rule 26).
    """
    before = user.phone if user.is_phone_verified else ""
    user.phone, user.is_phone_verified = phone, is_verified
    user.phone_index = queries.phone_index(phone)
    user.save(update_fields=["phone", "phone_index", "is_phone_verified", "updated_at"])
    if is_verified and before and before != phone:
        notifications.queue(user=user, channel="SMS", kind="phone_changed", recipient=before)
        audit.record(actor=Actor("LOGIN", str(user.pk)), deed="access.phone_changed", subject=user)


def change_pin(user: User, *, old_pin: str, new_pin: str, at: datetime, actor: Actor) -> None:
    """
    This will put a new transaction PIN in place of the present one, and tell the customer.

    :raises WrongPin: if the present PIN is not right; says how many tries are left.
    :raises CodeLocked: while too many wrong tries keep it locked.
    :raises NoPin: if there is none yet.
    :raises WeakPin: if the new one is among those that thieves try first.
    """
    born = user.customer.date_of_birth if hasattr(user, "customer") else None
    pins.check(new_pin, date_of_birth=born)
    pins.verify(user=user, pin=old_pin, at=at)
    with transaction.atomic():
        pins.choose(user=user, pin=new_pin, date_of_birth=born, actor=actor)
        notifications.queue(user=user, channel="SMS", kind="pin_changed")


@transaction.atomic
def forget_unfinished(*, before: datetime) -> int:
    """
    This will delete logins that were begun before a moment and never proved a phone, so that nobody
    keeps someone else's e-mail address taken, and give their number.
    """
    stale = User.objects.filter(
        created_at__lt=before,
        is_phone_verified=False,
        is_staff=False,
        customer=None,
        last_login=None,
    )
    ids = list(stale.select_for_update(of=("self",)).values_list("pk", flat=True))
    LoginEvent.objects.filter(user__in=ids).delete()
    Challenge.objects.filter(user__in=ids).delete()
    notifications.disown(ids)
    User.objects.filter(pk__in=ids).delete()
    return len(ids)
