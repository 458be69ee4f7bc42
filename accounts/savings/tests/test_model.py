"""Interest as a bank in memory works it out, day by day, over stories that Hypothesis tells."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from accounts.savings.tests.machine import Nights

RUNS, STEPS = 8, 15


@pytest.mark.django_db(transaction=True)
class TestInterestAgainstTheOracle:
    @pytest.mark.proves("SV24")
    def test_agrees_after_every_night(self, empty_bank):
        run_state_machine_as_test(
            Nights,
            settings=settings(
                max_examples=RUNS,
                stateful_step_count=STEPS,
                derandomize=True,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
