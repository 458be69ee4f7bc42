"""
Sixteen at once for what only some of them may have, in many ways of spending money twice (goal G8).

What the rooms' own tests of races show is not repeated here: one balance, one daily limit, one
reference, one intent (`ledger.journal`, `ledger.holds`, `payments.transfers` and others).
"""

import time

import pytest

from ledger.money import kes
from ledger.tests.racing import at_once, refused
from wekeza.tests.races import RACES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("demo_bank")]
THREADS = 16
SECONDS = 0.7  # For each way, as many rounds as begin in them.


@pytest.mark.proves("LG01", "MV22", "MV35")
@pytest.mark.parametrize("prepare", RACES, ids=lambda prepare: prepare.__name__)
def test_as_many_succeed_as_there_is_money_for(prepare):
    """Whoever loses is refused in the bank's words: a deadlock would be raised by `at_once`."""
    ends_at = time.monotonic() + SECONDS
    while time.monotonic() < ends_at:
        race = prepare(THREADS)

        results = at_once(THREADS, race.deed)

        assert sum(map(successes, results)) == race.allowed
        assert {type(refusal) for refusal in refused(results)} <= race.refusals
        for account, left in race.left.items():
            assert account.available == kes(left)


def successes(result) -> int:
    """A try that gives a number did so much; one that was refused did nothing."""
    if refused([result]):
        return 0
    return result if isinstance(result, int) else 1
