"""Interest is proven to follow from what accounts earned; by night from the first day on."""

from pathlib import Path

import pytest

from accounts import savings as room
from accounts.factories import SavingsAccountFactory
from accounts.savings.models import InterestPayment
from accounts.savings.tests.test_interest import accrue, book, pay, roll
from ledger.factories import put_in
from ledger.proofs import queries as proofs
from ledger.proofs.tests import stories

PROOF = Path(room.__file__).parent / "proofs" / "P21_interest_follows_from_accruals.sql"
LINE = "(SELECT id FROM ledger_ledgeraccount WHERE code = '2110')"

# What the owner does behind the bank's back, the row that the proof must name, and whether the
# watch sees it on the date: what was long ago, and sums over everything, are the night's.
FAULTS = [
    ("UPDATE accounts_interestaccrual SET amount = amount + 1 WHERE booked_on = '{first}'",
     "interest of {first} | account {ledger_account}", False),
    ("UPDATE accounts_interestjournal SET booked = booked + 1 WHERE business_date = '{first}'",
     "interest of {first} | line 2110", True),
    ("UPDATE accounts_interestaccrual SET amount = amount + 1 WHERE booked_on = '{second}'",
     "interest of {second}", True),
    ("UPDATE accounts_interestjournal SET booked = booked + 1 WHERE business_date = '{second}'",
     "interest of {second} | line 2110", True),
    ("UPDATE accounts_interestpayment SET accrued = accrued + 1, gross = gross + 1",
     "account {ledger_account} | interest payment {paid} | line 2110", True),
    ("UPDATE accounts_interestpayment SET carried_out = 0.5",
     "account {ledger_account} | interest payment {paid}", True),
    ("UPDATE ledger_posting SET amount = 1 WHERE entry_id = {payment} AND account_id ="
     " {ledger_account}", "interest payment {paid}", True),
    ("UPDATE ledger_balance SET balance = balance + 1 WHERE shard = 0 AND"
     " account_id = " + LINE, "line 2110", False),
    ("UPDATE accounts_depositaccount SET closed_date = opened_date; UPDATE accounts_interestpayment"
     " SET carried_out = 0.5", "closed account {number}", True),
]  # fmt: skip


def tell_a_story():
    """A savings account that earned on two dates and was paid for both."""
    account = SavingsAccountFactory(balance="100000")
    first = roll()
    accrue(account=account)
    book()
    second = roll()
    old = proofs.last_entry_id()
    put_in(account.ledger_account, "5")
    accrue(account=account)
    book()
    pay(account)
    paid = InterestPayment.objects.get()
    return {
        "ledger_account": account.ledger_account_id, "number": account.number, "old": old,
        "first": first, "second": second, "paid": paid.pk,
        "payment": paid.entry_id,
    }  # fmt: skip


@pytest.fixture(scope="module")
def story(test_databases, django_db_setup, django_db_blocker):
    with stories.told(test_databases, django_db_blocker, tell_a_story) as names:
        yield names


@pytest.fixture
def tamper(story):
    with stories.tampering(story) as change:
        yield change


class TestInterest:
    @pytest.mark.parametrize(
        ("fault", "rows", "is_watched"),
        FAULTS,
        ids=[str(number) for number in range(len(FAULTS))],
    )
    def test_that_does_not_follow_is_named(self, tamper, story, fault, rows, is_watched):
        tamper(fault)

        named = {subject for subject, _fault in stories.faults_of(PROOF)}
        watched = stories.faults_of(PROOF, since=story["old"])

        assert set(rows.format(**story).split(" | ")) <= named
        assert bool(watched) == is_watched

    def test_that_follows_is_not(self, story):
        assert stories.faults_of(PROOF) == []
        for since in range(1, proofs.last_entry_id() + 1):
            assert stories.faults_of(PROOF, since=since) == []
