"""
Choosing a password, and what the policy of the day asks of it: earlier ones, age, composition.

All of it but the length is off unless a dated row of PasswordPolicy turns it on (X16).
"""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access.models import User
from accounts.access.password_models import PasswordPolicy, PastPassword
from ledger.calendar import queries as calendar


class NoPasswordPolicy(LookupError):
    """No row is in force: a gap in the bank's own tables. Nobody chooses a password without."""


def policy_at(at: datetime) -> PasswordPolicy:
    """
    This will give the policy in force on the Nairobi day of a moment.

    :raises NoPasswordPolicy: if the table has a gap there.
    """
    found = PasswordPolicy.objects.on(calendar.nairobi_date(at)).first()
    if found is None:
        raise NoPasswordPolicy(at)
    return found


@transaction.atomic
def choose(user: User, *, password: str, at: datetime) -> None:
    """
    This will make a password the login's own. The hash of the one before is kept as long as the
    policy remembers any; where it remembers none, nothing is kept (SE21).
    """
    remembers = policy_at(at).remembers
    if remembers and user.has_usable_password():
        PastPassword.objects.create(user=user, password=user.password, until=at)
    user.set_password(password)
    user.password_changed_at = at
    user.save(update_fields=["password", "password_changed_at", "updated_at"])
    kept = PastPassword.objects.filter(user=user).order_by("-id").values_list("pk", flat=True)
    PastPassword.objects.filter(user=user).exclude(pk__in=list(kept[:remembers])).delete()


def was_used(user: User, *, password: str, at: datetime) -> bool:
    """This will say whether a password is among the last ones that the policy remembers."""
    remembers = policy_at(at).remembers
    if not remembers or user.pk is None:
        return False
    past = PastPassword.objects.filter(user=user).order_by("-id")[: remembers - 1]
    hashes = [user.password, *past.values_list("password", flat=True)]
    return any(check_password(password, known) for known in hashes)


def is_expired(user: User, *, at: datetime) -> bool:
    """This will say whether a login's password is older than the policy allows (SE22)."""
    days = policy_at(at).expires_after_days
    chosen_at = user.password_changed_at or user.created_at
    return days is not None and at >= chosen_at + timedelta(days=days)


def hint(at: datetime) -> str:
    """This will say what a new password must be, in one or two sentences."""
    policy = policy_at(at)
    least = _("Use {least} or more characters. A short sentence is good").format(
        least=policy.least_length
    )
    wanted = [
        words
        for is_wanted, words in (
            (policy.needs_capital, _("a capital letter")),
            (policy.needs_digit, _("a digit")),
            (policy.needs_symbol, _("a sign like ! or ?")),
        )
        if is_wanted
    ]
    if not wanted:
        return least
    return f"{least}. " + _("It needs {kinds}").format(kinds=", ".join(wanted))
