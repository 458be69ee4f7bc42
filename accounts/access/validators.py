"""
What a password must be: long, not one that leaked, not the e-mail address (decision 26). Kinds of
characters and earlier passwords are looked at only where the policy of the day says so (X16).
"""

import hashlib
import logging
import urllib.error
import urllib.request

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import leaked, passwords

log = logging.getLogger(__name__)

LONGEST = 256  # Longer ones only keep the hash function busy.
RANGE_TIMEOUT_SECONDS = 2


class LengthValidator:
    """Twelve or more characters, as many as the policy of the day says."""

    def validate(self, password, user=None):
        if len(password) < passwords.policy_at(timezone.now()).least_length:
            raise ValidationError(self.get_help_text(), code="password_too_short")
        if len(password) > LONGEST:
            raise ValidationError(
                _("Use {most} characters or fewer").format(most=LONGEST), code="password_too_long"
            )

    def get_help_text(self):
        return passwords.hint(timezone.now())


class CompositionValidator:
    """Capitals, digits and signs, where the policy asks for them (SE23); it is off by default."""

    def validate(self, password, user=None):
        policy = passwords.policy_at(timezone.now())
        lacks = [
            policy.needs_capital and not any(sign.isupper() for sign in password),
            policy.needs_digit and not any(sign.isdigit() for sign in password),
            policy.needs_symbol and not any(_is_symbol(sign) for sign in password),
        ]
        if any(lacks):
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self):
        return passwords.hint(timezone.now())


class EarlierPasswordValidator:
    """Not one of the last ones, where the policy remembers any (SE21); it is off by default."""

    def validate(self, password, user=None):
        if user is not None and passwords.was_used(user, password=password, at=timezone.now()):
            raise ValidationError(
                _("You had that password before. Choose another"), code="password_used_before"
            )

    def get_help_text(self):
        return _("Not one of your last passwords")


class LeakedPasswordValidator:
    """
    Not a password that has appeared in a leak: the list in the repository and, where a range
    service is configured, that too. The service sees five hex digits of a SHA-1, never a password;
    if it does not answer, the list alone decides.
    """

    def validate(self, password, user=None):
        if leaked.is_leaked(password) or _is_in_range_service(password):
            raise ValidationError(
                _("That password has appeared in a data leak. Choose another"),
                code="password_leaked",
            )

    def get_help_text(self):
        return _("Not a password that has appeared in a data leak")


def _is_symbol(sign: str) -> bool:
    return not sign.isalnum() and not sign.isspace()


def _is_in_range_service(password: str) -> bool:
    if not settings.LEAKED_PASSWORD_RANGE_URL:
        return False
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    head, tail = digest[:5], digest[5:]
    request = urllib.request.Request(  # noqa: S310 - the address is configuration
        settings.LEAKED_PASSWORD_RANGE_URL.rstrip("/") + "/" + head,
        headers={"Add-Padding": "true", "User-Agent": "Wekeza"},
    )
    try:
        with urllib.request.urlopen(request, timeout=RANGE_TIMEOUT_SECONDS) as reply:  # noqa: S310
            lines = reply.read(1024 * 1024).decode("ascii", "replace").splitlines()
    except (OSError, urllib.error.URLError) as error:
        log.warning("range service of leaked passwords did not answer: %s", type(error).__name__)
        return False
    counts = dict(line.strip().partition(":")[::2] for line in lines)
    return counts.get(tail, "0") not in {"", "0"}  # Padding rows have a count of 0.
