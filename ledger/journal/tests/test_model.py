"""The books and a bank in memory are told the same deeds, and never disagree."""

import pytest

from ledger.journal.tests import machine

RUNS, STEPS = 100, 50


@pytest.mark.django_db(transaction=True)
class TestTheBooksAgainstTheOracle:
    @pytest.mark.proves("LG01", "LG04", "LG18", "OP49")
    def test_agree_after_every_deed(self, empty_bank):
        machine.fired.clear()

        machine.tell(runs=RUNS, steps=STEPS)

        never = {
            "post", "undo", "freeze", "unfreeze", "set_terms", "close", "no: insufficient_funds",
            "no: maximum_balance", "no: limit_exceeded", "no: account_frozen",
            "no: account_closed", "no: account_not_empty", "no: already_reversed",
            "no: reference_reused", "no: value_date_not_open",
            "place", "release", "pay", "expired", "no: hold_ended", "no: hold_too_small",
            "no: expiry_passed", "line: insufficient_funds", "line: maximum_balance",
            "line: limit_exceeded", "line: account_frozen", "line: account_closed",
        } - machine.fired.keys()  # fmt: skip
        assert not never, "a rule or a refusal that no run has met"
