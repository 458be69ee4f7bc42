"""The books and a bank in memory are told the same deeds, and never disagree."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from ledger.journal.tests import machine

RUNS, STEPS = 100, 50


@pytest.mark.django_db(transaction=True)
class TestTheBooksAgainstTheOracle:
    @pytest.mark.proves("LG01", "LG04", "LG18", "OP49")
    def test_agree_after_every_deed(self, empty_bank):
        machine.fired.clear()

        run_state_machine_as_test(
            machine.Books,
            settings=settings(
                max_examples=RUNS,
                stateful_step_count=STEPS,
                derandomize=True,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

        never = {
            "post", "undo", "freeze", "unfreeze", "set_terms", "close", "no: insufficient_funds",
            "no: maximum_balance", "no: limit_exceeded", "no: account_frozen",
            "no: account_closed", "no: account_not_empty", "no: already_reversed",
            "no: reference_reused", "no: value_date_not_open",
        } - machine.fired.keys()  # fmt: skip
        assert not never, "a rule or a refusal that no run has met"
