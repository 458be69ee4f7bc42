"""How long things of a partner last, and how often the bank tries (reliability rules 15 and 28)."""

from datetime import timedelta

# Rule 28 and ux.md 2.6: the old key works on while the partner rolls out the new one.
KEY_OVERLAP = timedelta(days=7)
KEYS_AT_ONCE = 2
SECRET_OVERLAP = timedelta(days=7)

CONSENT_VERSION = "2026-11"
CONSENT_DAYS = (30, 90, 180)  # What a customer may choose; nothing stands for ever.

# modules.md "Webhooks": 1 to 64 seconds doubling; a receiver that sleeps over a weekend is tried
# for three days more.
BACK_OFF = [timedelta(seconds=2**power) for power in range(7)] + [
    timedelta(hours=hours) for hours in (1, 2, 4, 8, 16, 24, 24)
]
MOST_TRIES = len(BACK_OFF) + 1
LEASE = timedelta(minutes=2)
AT_ONCE_FOR_ONE = 4  # So many tries to one receiver at the same time.
LOOKUP_SECONDS = 3  # For the name server's answer.
CONNECT_SECONDS = 5
TOTAL_SECONDS = 10  # modules.md: 10 s for the whole answer.
MOST_ANSWER_BYTES = 4096
