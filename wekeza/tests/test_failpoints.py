"""The process dies at every step of the spine; told again, the story ends as if it had not."""

import json
import re
import subprocess
import sys

import psycopg
import pytest

from wekeza.kit import failpoints
from wekeza.runtime import env

# What no story along the spine reaches, and is shown elsewhere.
ELSEWHERE = {
    "approval.done",  # branch/close_of_business and branch/workbench: races of two checkers
    "approval.decided",
    "close.holds",  # No hold ends on the day of the story,
    "close.pay",  # nor does a month; accounts/savings and branch/close_of_business tell those.
    "hold.holds_expire",
}


def points() -> set[str]:
    """Every failpoint in the code, those with a name that is made up as what it may become."""
    found = set()
    for floor in ("ledger", "accounts", "payments", "branch"):
        for path in (env.ROOT / floor).rglob("*.py"):
            found |= set(re.findall(r'failpoint\("([a-z_.]+)"\)', path.read_text()))
    steps = {
        f"close.{name}" for name in ("holds", "accrue", "book", "pay", "balances", "seal", "prove")
    }
    return (
        found | steps | {f"hold.{deed}" for deed in ("hold_place", "hold_release", "holds_expire")}
    )


@pytest.mark.django_db(transaction=True)
class TestAProcessThatDies:
    def test_at_every_step_leaves_what_can_be_told_to_its_end(self, empty_bank, bank_environment):
        asked = sorted(points() - ELSEWHERE)
        with psycopg.connect(empty_bank["owner"]) as owner:
            owner.execute("UPDATE ledger_bankfact SET is_demo = true")  # For the demo rail.
        environment = bank_environment | {
            "DATABASE_URL": empty_bank["app"],
            "DATABASE_OWNER_URL": empty_bank["owner"],
        }
        done = subprocess.run(
            [sys.executable, "-m", "wekeza.tests.spine", *asked],
            env=environment, cwd=env.ROOT, capture_output=True, text=True, timeout=240,
        )  # fmt: skip

        assert done.returncode == 0, done.stderr[-3000:]
        told = json.loads(done.stdout.splitlines()[-1])
        assert len(told) >= 20
        # 5,000 − 500 − 150 − 420 + 1 − 1,200 stay with the one, 500 + 420 − 1 with the other.
        whole = [[failpoints.KILLED, 0], ["2731.00", "919.00"], 1]
        assert {point: end for point, end in told.items() if end != whole} == {}

    def test_is_what_a_production_bank_never_does(self):
        assert failpoints.failpoint("entry.written") is None
