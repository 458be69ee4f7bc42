"""The process dies at every step of the spine; told again, the story ends as if it had not."""

import json
import re
import subprocess
import sys

import psycopg
import pytest

from branch.close_of_business.steps import STEPS
from wekeza.kit import failpoints
from wekeza.runtime import env

# What no story along the spine reaches, and is shown elsewhere.
ELSEWHERE = {
    "approval.done",  # branch/close_of_business and branch/workbench: races of two checkers
    "approval.decided",
    "close.holds",  # No hold ends on the day of a story,
    "close.pay",  # nor does a month with savings; accounts/savings tells that.
    "hold.holds_expire",
}
# Steps of the night that do something for the story of payments; the others do for that of a loan.
OF_PAYMENTS = {"holds", "accrue", "book", "pay", "balances", "seal", "prove"}


def points(*floors: str) -> set[str]:
    """
    Every failpoint in the code of some floors but those shown elsewhere. Names that are made up
    while it runs are added where they are reached.
    """
    found = set()
    for floor in floors:
        for path in (env.ROOT / floor).rglob("*.py"):
            found |= set(re.findall(r'failpoint\("([a-z_.]+)"\)', path.read_text()))
    return found - ELSEWHERE


def close_of(names: set[str]) -> set[str]:
    """The failpoints after the work of some steps of the night."""
    return {f"close.{name}" for name in names} - ELSEWHERE


def tell(module: str, asked: set[str], *, bank: dict, environment: dict) -> dict[str, list]:
    """What became of a story that died at each of some points and was told again."""
    urls = {"DATABASE_URL": bank["app"], "DATABASE_OWNER_URL": bank["owner"]}
    done = subprocess.run(
        [sys.executable, "-m", "wekeza.tests.spine", module, *sorted(asked)],
        env=environment | urls, cwd=env.ROOT, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


DIED_AND_ENDED = [failpoints.KILLED, 0]


@pytest.mark.django_db(transaction=True)
class TestAProcessThatDies:
    def test_at_every_step_leaves_what_can_be_told_to_its_end(self, empty_bank, bank_environment):
        with psycopg.connect(empty_bank["owner"]) as owner:
            owner.execute("UPDATE ledger_bankfact SET is_demo = true")  # For the demo rail.
        asked = points("ledger", "accounts", "payments", "branch") | close_of(OF_PAYMENTS)
        asked |= {f"hold.{deed}" for deed in ("hold_place", "hold_release")}

        told = tell("wekeza.tests.spine", asked, bank=empty_bank, environment=bank_environment)

        assert len(told) >= 20
        # 5,000 − 500 − 150 − 420 + 1 − 1,200 stay with the one, 500 + 420 − 1 with the other.
        whole = [DIED_AND_ENDED, ["2731.00", "919.00"], 1]
        assert {point: end for point, end in told.items() if end != whole} == {}

    def test_in_the_life_of_a_loan_too(self, empty_bank, bank_environment):
        asked = points("lending") | close_of({step.name for step in STEPS} - OF_PAYMENTS)

        told = tell("wekeza.tests.loan_story", asked, bank=empty_bank, environment=bank_environment)

        assert len(told) >= 14
        # 250 of the first 1,000 is interest; of the 2,000 that the account has, the night pays 700
        # as instructed and collects the rest.
        whole = [DIED_AND_ENDED, ["0.00", "2250.00", "250.00"], [3, 1]]
        assert {point: end for point, end in told.items() if end != whole} == {}

    def test_is_what_a_production_bank_never_does(self):
        assert failpoints.failpoint("entry.written") is None
