"""How many tries and for how long, when signing in and authorising; how codes are hashed."""

from datetime import datetime, timedelta
from typing import Self

from wekeza.kit.encryption import blind_index

# kenya.md 10.2 and reliability rule 25: six digits, five minutes, five tries, 60 s before another.
CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
RESEND_AFTER = timedelta(seconds=60)
PASSKEY_LIFE = timedelta(minutes=2)  # To sign a question; it is put when one presses, not before.

PIN_TRIES = 3  # Decided by the mission, X20.
LOCK = timedelta(minutes=30)  # For PINs and codes alike: sending is off for this long.

# Rule 26. Who changes how to be reached or what authorises proves it anew, this shortly before ...
STEP_UP_LASTS = timedelta(minutes=5)
# ... and for this long afterwards nothing above the PIN's threshold leaves: time for the owner, who
# was told, to call the bank.
NEW_FACTOR_WAITS = timedelta(hours=24)

LOGIN_TRIES = 5  # Wrong passwords for one e-mail or phone ...
LOGIN_TRIES_FROM_ADDRESS = 100  # ... or from one address: a whole mobile network may share it ...
LOGIN_SPAN = timedelta(minutes=15)  # ... within this time; then that login waits (goal G14).

SEEN_EVERY = timedelta(seconds=60)  # A session's row is written at most so often (decision 30).

TOKENS_LAST = timedelta(days=30)  # However often a program's token is renewed, then it signs in.


class Try(str):
    """What somebody typed to authorise something, with the moment and, of a deed, its digest."""

    at: datetime
    intent_digest: str
    was_used: bool = False

    def __new__(cls, typed: str, *, at: datetime, intent_digest: str = "") -> Self:
        attempt = super().__new__(cls, typed)
        attempt.at, attempt.intent_digest = at, intent_digest
        return attempt


def is_digits(typed: str, length: int) -> bool:
    """Exactly so many of the ten ASCII digits; digits of other scripts are no digits here."""
    return len(typed) == length and typed.isascii() and typed.isdigit()


def keyed_code(code: str, *, scope: str) -> str:
    """This will give the keyed hash of a one-time code, bound to what it was made for."""
    return blind_index(f"{scope}:{str(code)}", context="access.code")


def peppered_pin(pin: str, *, user_id: int) -> str:
    """This will give what the Argon2id hash of a PIN is made of."""
    return blind_index(f"{user_id}:{str(pin)}", context="access.pin")
