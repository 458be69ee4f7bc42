"""Running one of several named programs."""

import os
import sys


def run(what: str, programs: dict[str, str]) -> int:
    """This will become the program that was asked for by name; without one, list them."""
    asked = sys.argv[1:]
    if not asked or asked[0] not in programs:
        print(f"./bank {what} NAME, where NAME is: {', '.join(sorted(programs)) or '(none yet)'}")
        return 0 if not asked else 2
    os.execv(sys.executable, [sys.executable, "-m", programs[asked[0]], *asked[1:]])
    return 0
