"""
./bank check: everything that can be said about the bank without running its tests.

    ./bank check              all of it; exit 1 if anything is wrong
    ./bank check style words  only some of it
"""

import base64
import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from wekeza.runtime import env

PYTHON = [sys.executable, "-W", "ignore::RuntimeWarning"]
STEPS = {
    "style": [sys.executable, "-m", "ruff", "check", "--output-format", "concise", ".", "bank"],
    "format": [sys.executable, "-m", "ruff", "format", "--check", "--quiet", ".", "bank"],
    "imports": [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as m; m()",
    ],
    "house": [*PYTHON, "-m", "pytest", "-q", "wekeza/tests/test_house_rules.py"],
    "templates": [*PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"],
    "migrations": [*PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "deployment": [*PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "words": [*PYTHON, "-m", "wekeza.runtime.messages", "check"],
}
AT_ONCE = 2


@dataclass
class Answer:
    """What one step said: its exit code, its words and its seconds."""

    name: str
    code: int
    told: str
    seconds: float


def main() -> int:
    wanted = sys.argv[1:] or list(STEPS)
    if unknown := set(wanted) - set(STEPS):
        print(f"{', '.join(sorted(unknown))}? The steps are: {', '.join(STEPS)}")
        return 2
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(ask, wanted))
    for answer in answers:
        print(f"{'ok' if not answer.code else 'WRONG':7}{answer.name:12}{answer.seconds:5.1f} s")
        if answer.code:
            print("\n".join(f"  {line}" for line in answer.told.strip().splitlines()))
    wrong = sum(1 for answer in answers if answer.code)
    print(f"{len(answers) - wrong} of {len(answers)} steps are right.")
    return 1 if wrong else 0


def ask(name: str) -> Answer:
    """This will run one step from the root of the house."""
    began = time.monotonic()
    extra = production() if name == "deployment" else {}
    done = subprocess.run(
        STEPS[name],
        cwd=env.ROOT,
        env=os.environ | extra,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    return Answer(name, done.returncode, done.stdout + done.stderr, time.monotonic() - began)


def production() -> dict[str, str]:
    """This will give an environment that a production bank accepts; nothing is connected to."""
    password = secrets.token_urlsafe(24)
    return {
        "PRODUCTION": "true",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "WEKEZA_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "WEKEZA_INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "SITE_URL": "https://bank.example",
        "ALLOWED_HOSTS": "bank.example",
        "DATABASE_URL": f"postgresql://bank_app:{password}@db.example/bank",
        "DATABASE_OWNER_URL": f"postgresql://bank_owner:{password}2@db.example/bank",
        "REDIS_URL": "rediss://queue.example:6379",
        "WEKEZA_DEMO": "",
        "DEBUG": "",
    }


if __name__ == "__main__":
    sys.exit(main())
