"""Many at once: a payment is taken back once, whoever decides and whatever is paid meanwhile."""

from collections import Counter
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.factories import actor_of
from ledger.factories import put_in
from ledger.money import kes
from ledger.tests.racing import at_once
from lending.decisions.tests.test_races import outcome
from lending.factories import account_of
from lending.repayments import operations as repayments
from lending.replays.tests.steps import agree, ask_reversal, lent, live, manager
from lending.replays.tests.test_operations import broken, owed

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_decide_and_four_pay_at_once_and_it_is_taken_back_once(empty_bank):
    """KES 5,250 owed; 2,000 taken back, 1,000 before and four times 100 meanwhile stand."""
    loan = lent(12)
    wrong, _right = live(loan, paying={3: "2000", 6: "1000"})
    asked, managers = ask_reversal(wrong), [manager() for _ in range(4)]
    put_in(account_of(loan.customer).ledger_account, "400")

    def press(number):
        if number < 4:
            return outcome(lambda: agree(asked, managers[number]))
        facts = {"reference": str(uuid4()), "at": timezone.now(), "actor": actor_of(loan.customer)}
        return outcome(lambda: repayments.repay(loan, money=kes("100"), **facts))

    said = Counter(at_once(8, press))

    assert said == {"done": 5, "AlreadyDecided": 3}
    assert loan.replays.count() == 1
    assert owed(loan).total == kes("3850")
    assert broken() == []
