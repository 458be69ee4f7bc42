"""Transfers and their entries are proven to be one and the same, and to differ is noticed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from accounts.factories import DepositAccountFactory, actor_of
from ledger.factories import put_in, undo
from ledger.proofs import queries as proofs
from ledger.proofs.tests import stories
from payments import transfers as room
from payments.factories import DraftFactory, TransferFactory
from payments.transfers import operations as transfers

AT = datetime(2026, 11, 21, 5, 31, tzinfo=UTC)
PROOF = Path(room.__file__).parent / "proofs" / "P09_transfers_and_entries_are_one.sql"
PRICE = "UPDATE accounts_tariff SET amount = 50 WHERE code = 'INTERNAL_TRANSFER'"
UNGUARDED = (
    "ALTER TABLE payments_transfer DROP CONSTRAINT transfer_is_paid_with_an_entry_and_a_receipt;"
)

# What the owner does behind the bank's back, and the row that the proof must name.
FAULTS = [
    ("UPDATE payments_transfer SET amount = amount + 1 WHERE id = {paid}", "transfer {paid}"),
    ("UPDATE payments_transfer SET fee = fee + 1 WHERE id = {paid}", "transfer {paid}"),
    ("UPDATE payments_transfer SET fee_duty = 0 WHERE id = {paid}", "transfer {paid}"),
    ("UPDATE payments_transfer SET currency = 'USD' WHERE id = {paid}", "transfer {paid}"),
    ("UPDATE payments_transfer SET source_id = {stranger} WHERE id = {paid}", "transfer {paid}"),
    ("UPDATE payments_transfer SET target_id = {stranger} WHERE id = {paid}", "transfer {paid}"),
    ("UPDATE payments_transfer SET receipt_no = 'MV-1' WHERE id = {paid}", "transfer {paid}"),
    ("UPDATE payments_transfer SET entry_id = {cash} WHERE id = {paid}",
     "transfer {paid} | entry {entry}"),
    (UNGUARDED + "UPDATE payments_transfer SET entry_id = NULL WHERE id = {paid}",
     "transfer {paid} | entry {entry}"),
    (UNGUARDED + "UPDATE payments_transfer SET state = 'CANCELLED' WHERE id = {paid}",
     "transfer {paid} | entry {entry}"),
    (UNGUARDED + "UPDATE payments_transfer SET entry_id = {cash} WHERE id = {draft}",
     "transfer {draft}"),
    (UNGUARDED + "UPDATE payments_transfer SET state = 'PAID' WHERE id = {draft}",
     "transfer {draft}"),
    ("DELETE FROM payments_transfer WHERE id = {paid}", "entry {entry}"),
    ("UPDATE ledger_entry SET receipt_no = '' WHERE id = {entry}", "transfer {paid}"),
    ("UPDATE ledger_entry SET kind = 'FEE' WHERE id = {entry}", "transfer {paid}"),
    ("UPDATE ledger_entry SET owner = 'test' WHERE id = {entry}", "transfer {paid}"),
    ("UPDATE ledger_entry SET reference = 'x' WHERE id = {entry}", "transfer {paid}"),
    ("UPDATE ledger_entry SET source = '' WHERE id = {entry}", "transfer {paid}"),
    ("UPDATE ledger_entry SET kind = 'INTERNAL_TRANSFER', owner = 'customer:1' WHERE id = {cash}",
     "entry {cash}"),
    ("UPDATE ledger_entry SET source = 'payments.transfer:999999', owner = 'customer:1'"
     " WHERE id = {cash}", "entry {cash}"),
    ("UPDATE ledger_posting SET side = 'DEBIT' WHERE entry_id = {entry} AND amount = 1000",
     "transfer {paid}"),
    ("UPDATE ledger_posting SET amount = 999 WHERE entry_id = {entry} AND amount = 1000",
     "transfer {paid}"),
    ("DELETE FROM ledger_posting WHERE entry_id = {entry} AND amount < 10", "transfer {paid}"),
    ("UPDATE ledger_posting SET entry_id = {entry}, line = 9 WHERE entry_id = {cash} AND line = 1",
     "transfer {paid}"),
]  # fmt: skip


def tell_a_story() -> dict:
    """A transfer that cost a fee, one that came back, one that was cancelled, and a draft."""
    paid = TransferFactory(amount="1000", at=AT)
    returned = TransferFactory(amount="700", at=AT)
    undo(returned.entry_id)
    cancelled = DraftFactory(at=AT)
    transfers.cancel(cancelled, at=AT, actor=actor_of(cancelled.customer))
    stranger = DepositAccountFactory()
    return {
        "paid": paid.pk,
        "entry": paid.entry_id,
        "draft": DraftFactory(at=AT).pk,
        "stranger": stranger.pk,
        "cash": put_in(stranger.ledger_account, "5").entry_id,
    }


@pytest.fixture(scope="module")
def story(test_databases, django_db_setup, django_db_blocker):
    """A bank with transfers of every kind, opened as its owner."""
    with stories.told(test_databases, django_db_blocker, tell_a_story, before=PRICE) as names:
        yield names


class TestTheProofOfTransfers:
    @pytest.mark.parametrize(("fault", "row"), FAULTS, ids=range(len(FAULTS)))
    def test_goes_red_for_its_fault_and_names_the_row(self, story, fault, row):
        with stories.tampering(story) as tamper:
            tamper(fault)
            named = {subject for subject, _fault in stories.faults_of(PROOF)}

        assert set(row.format(**story).split(" | ")) <= named

    def test_names_nothing_else(self, story):
        with stories.tampering(story) as tamper:
            tamper("UPDATE payments_transfer SET amount = amount + 1 WHERE id = {paid}")
            faults = stories.faults_of(PROOF)

        assert {subject for subject, _fault in faults} == {f"transfer {story['paid']}"}
        assert any("lacks DEBIT 1001.0000 KES" in fault for _subject, fault in faults)
        assert any("should not have DEBIT 1000.0000 KES" in fault for _subject, fault in faults)

    def test_holds_for_the_bank_as_it_was(self, story):
        assert stories.faults_of(PROOF) == []

    def test_looks_only_at_what_is_new_when_it_is_told_to(self, story):
        with stories.tampering(story) as tamper:
            tamper("UPDATE payments_transfer SET amount = amount + 1 WHERE id = {paid}")

            assert stories.faults_of(PROOF, since=proofs.last_entry_id()) == []
