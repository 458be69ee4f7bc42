"""The transaction PIN: choosing it, changing it, and authorising a small payment with it (X20)."""

from datetime import date, datetime

import django_otp
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import policy, queries
from accounts.access.models import TransactionPin, User
from accounts.access.refusals import BadPin, NoPin, PinLocked, PinTooNew, WeakPin, WrongPin
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction

PIN_DIGITS = 4


def verify(*, user: User, pin: str, at: datetime, may_be_new: bool = False) -> bool:
    """
    This will accept the login's transaction PIN, or refuse and count the try; a transaction of its
    own, called before the deed's. It tells whether the PIN took the place of a forgotten one less
    than a day ago: such a PIN pays a little (`may_be_new`) and proves nothing else, because whoever
    holds somebody's phone may have chosen it.

    :raises WrongPin: if it is another; says how many tries are left.
    :raises PinTooNew: if it is right and as new as that, unless `may_be_new`.
    :raises PinLocked: at the third wrong try, and for 30 minutes after it.
    :raises NoPin: if none was chosen yet.
    """
    if until := queries.sending_off_until(user, at=at):
        raise PinLocked.over(until)
    device = TransactionPin.objects.filter(user=user).first()
    if device is None:
        raise NoPin()
    # Durable: a caller's transaction, rolled back by the refusal, would forget the wrong try.
    with transaction.atomic(durable=True):
        passed = django_otp.verify_token(user, device.persistent_id, policy.Try(pin, at=at))
    if passed is not None:
        opens = queries.opens_after(device.replaced_at, at=at)
        if opens and not may_be_new:
            raise PinTooNew.until(opens)
        return bool(opens)
    device.refresh_from_db()
    if until := queries.sending_off_until(user, at=at):
        raise PinLocked.over(until)
    raise WrongPin(left=policy.PIN_TRIES - device.failures)


def hashed(pin: str, *, user: User, date_of_birth: date | None) -> str:
    """
    This will give what is kept of a PIN that somebody chooses.

    :raises BadPin: if it is not four digits.
    :raises WeakPin: if it is one of those that thieves try first.
    """
    check(pin, date_of_birth=date_of_birth)
    return make_password(policy.peppered_pin(pin, user_id=user.pk))


@inside_transaction
def install(
    *, user: User, pin_hash: str, actor: Actor, replaced_at: datetime | None = None
) -> TransactionPin:
    """
    This will make a hashed PIN the login's transaction PIN, and clear its wrong tries; it takes the
    place of a forgotten one at `replaced_at`, and a change of such a one makes it no older.
    """
    facts = {"pin_hash": pin_hash, "failures": 0, "confirmed": False, "name": "PIN"}
    facts |= {"replaced_at": replaced_at} if replaced_at else {}
    device, is_new = TransactionPin.objects.update_or_create(user=user, defaults=facts)
    deed = "access.pin_chosen" if is_new else "access.pin_changed"
    audit.record(actor=actor, deed=deed, subject=device)
    return device


@inside_transaction
def choose(
    *,
    user: User,
    pin: str,
    date_of_birth: date | None,
    actor: Actor,
    replaced_at: datetime | None = None,
) -> TransactionPin:
    """
    This will set the login's transaction PIN, the first or a new one; `replaced_at` as `install`.

    :raises BadPin: if it is not four digits.
    :raises WeakPin: if it is one of those that thieves try first.
    """
    pin_hash = hashed(pin, user=user, date_of_birth=date_of_birth)
    return install(user=user, pin_hash=pin_hash, actor=actor, replaced_at=replaced_at)


def check(pin: str, *, date_of_birth: date | None) -> None:
    """
    This will refuse a PIN that thieves try first: four times one digit, a run like 1234 or 4321,
    the first or last two digits twice, and the holder's year, day and month of birth.

    :raises BadPin: if it is not four digits.
    :raises WeakPin: with the reason.
    """
    if not policy.is_digits(pin, PIN_DIGITS):
        raise BadPin()
    steps = {(int(after) - int(before)) % 10 for before, after in zip(pin, pin[1:], strict=False)}
    if steps in ({0}, {1}, {9}):
        raise WeakPin(reason=_("Not four times the same, and not in order like 1234."))
    if pin[:2] == pin[2:]:
        raise WeakPin(reason=_("Not the same two digits twice."))
    if date_of_birth is not None:
        born = {f"{date_of_birth:%Y}", f"{date_of_birth:%d%m}", f"{date_of_birth:%m%d}"}
        if pin in born:
            raise WeakPin(reason=_("Not your date or year of birth."))
