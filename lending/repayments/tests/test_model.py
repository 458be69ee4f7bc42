"""Lives of loans as a bank in memory works them out, over stories that Hypothesis tells."""

import pytest

from lending.repayments.tests import machine

RUNS, STEPS = 10, 14


@pytest.mark.django_db(transaction=True)
class TestLoansAgainstTheOracle:
    @pytest.mark.proves("BW12", "BW16")
    def test_agree_after_every_deed(self, empty_bank):
        machine.fired.clear()

        machine.tell(runs=RUNS, steps=STEPS)

        never = {
            "DIGI30", "SALA", "paid in part", "paid off", "collected", "turned bad", "missed",
            "closed", "paid ahead",
        } - machine.fired.keys()  # fmt: skip
        assert not never, "something that happens to loans has happened to none"
