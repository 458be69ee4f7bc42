"""./bank test: pytest, in two processes unless its arguments say otherwise."""

import os
import sys

ALONE = ("-n", "--numprocesses", "--pdb", "--trace", "-s", "--capture=no", "--collect-only", "--co")


def main() -> None:
    asked = sys.argv[1:]
    says_otherwise = any(argument.startswith(ALONE) for argument in asked)
    spread = [] if says_otherwise else ["-n", "2", "--dist", "loadscope"]
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *spread, *asked])


if __name__ == "__main__":
    main()
