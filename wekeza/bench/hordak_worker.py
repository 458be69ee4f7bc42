"""
django-hordak under measurement, through its own API, with settings of its own.

It runs in the environment of requirements-bench.txt and knows nothing of the bank. `make N` makes
its tables and N accounts; without arguments it obeys the bench.
"""

import os
import random
import sys
from pathlib import Path

import django
from django.conf import settings

sys.path.insert(0, str(Path(__file__).parent))
import loop  # noqa: E402

# Hordak as it is installed takes Django's own options. These are ours, and kinder to it.
PREPARED = {"server_side_binding": True, "prepare_threshold": 1}

settings.configure(
    SECRET_KEY="bench",  # noqa: S106
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "mptt",
        "hordak",
    ],
    CURRENCIES=["EUR"],  # Its own default; which one makes no difference to the work.
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": os.environ["BENCH_HORDAK_HOST"],
            "NAME": os.environ["BENCH_HORDAK_DATABASE"],
            "USER": os.environ["BENCH_HORDAK_USER"],
            "CONN_MAX_AGE": None,
            "OPTIONS": PREPARED if os.environ.get("BENCH_HORDAK_PREPARED") else {},
        }
    },
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError  # noqa: E402
from hordak.models import Account  # noqa: E402
from moneyed import Money  # noqa: E402


def make(size: int) -> None:
    """This will make hordak's tables and so many accounts."""
    call_command("migrate", verbosity=0)
    for number in range(size):
        Account.objects.create(name=f"Customer {number}", type="LI", currencies=["EUR"])


def main() -> None:
    if sys.argv[1:2] == ["make"]:
        make(int(sys.argv[2]))
        return
    accounts = list(Account.objects.all())
    amount = Money("1.00", "EUR")

    def transfer():
        payer, payee = random.sample(accounts, 2)
        payer.transfer_to(payee, amount)

    loop.obey({"transfer": transfer}, gave_up=(DatabaseError,))


if __name__ == "__main__":
    main()
