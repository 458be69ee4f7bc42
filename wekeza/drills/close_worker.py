"""
One worker of the close of business, as its own process for `./bank drill cob`: it closes what has
ended at a moment, and may be killed at any time.
"""

import os
import sys
from datetime import datetime


def main() -> None:
    database, at, chunk = sys.argv[1:4]
    os.environ["DJANGO_SETTINGS_MODULE"] = "wekeza.settings_test"
    import django

    django.setup()
    from django.db import connection

    from branch.close_of_business import operations as close
    from branch.close_of_business import steps
    from lending.loans import locks
    from wekeza.kit.actor import SYSTEM

    connection.settings_dict["NAME"] = database
    # Small chunks: a night of some hundred accounts then has as many moments as a large one.
    steps.ACCOUNTS = steps.HELD = steps.ENTRIES = steps.LOANS = locks.WIDTH = int(chunk)
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    done = close.follow_the_clock(at=datetime.fromisoformat(at), actor=SYSTEM)
    sys.exit(0 if done else 3)


if __name__ == "__main__":
    main()
