"""Many at once: the committee writes a loan off once, and what is owed of it is taken once."""

from collections import Counter
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.factories import actor_of
from ledger.approvals.models import ApprovalSignature
from ledger.factories import put_in
from ledger.money import kes
from ledger.tests.racing import at_once
from lending.decisions.tests.test_races import outcome
from lending.factories import account_of
from lending.repayments import operations as repayments
from lending.writeoffs.models import WriteOff
from lending.writeoffs.tests.steps import agree, ask, committee, lost_loan
from lending.writeoffs.tests.test_operations import broken, line

pytestmark = pytest.mark.django_db(transaction=True)


def test_six_yes_and_six_payments_at_once_are_one_write_off_and_one_recovery():
    """
    Of six in the committee two write it off; of six presses, with money for all of them, one
    pays all that is owed.
    """
    loan, people = lost_loan(), committee(6)
    asked = ask(loan)

    said = Counter(at_once(6, lambda nth: outcome(lambda: agree(asked, people[nth]))))

    assert said == {"done": 2, "AlreadyDecided": 4}
    written = WriteOff.objects.filter(loan=loan).count()
    assert (written, ApprovalSignature.objects.filter(approval=asked).count()) == (1, 1)
    assert (line("9010"), line("1342")) == (5250, 0)
    put_in(account_of(loan.customer).ledger_account, "31500")
    loan.refresh_from_db()

    def press(_number):
        facts = {"reference": str(uuid4()), "at": timezone.now(), "actor": actor_of(loan.customer)}
        return outcome(lambda: repayments.repay(loan, money=kes("5250"), **facts))

    paid = Counter(at_once(6, press))

    assert paid == {"done": 1, "LoanPaid": 5}
    assert (line("9010"), line("4310"), loan.repayments.count()) == (0, 5250, 1)
    loan.refresh_from_db()
    assert loan.state == "RECOVERED"
    assert broken() == []
