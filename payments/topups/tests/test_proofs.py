"""Top-ups and their entries are proven to be one and the same, and to differ is noticed."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from accounts.factories import DepositAccountFactory, actor_of
from ledger.factories import put_in, undo
from ledger.money import kes
from ledger.proofs import queries as proofs
from ledger.proofs.tests import stories
from payments import topups as room
from payments.rails.answers import Answer, Result
from payments.topups import operations as topups
from payments.topups.models import TopUp
from wekeza.kit.actor import SYSTEM

AT = datetime(2026, 11, 21, 5, 14, tzinfo=UTC)
PROOF = Path(room.__file__).parent / "proofs" / "P09_topups_and_entries_are_one.sql"
DEMO = "UPDATE ledger_bankfact SET is_demo = true"
UNGUARDED = "ALTER TABLE payments_topup DROP CONSTRAINT topup_is_paid_with_an_entry;"

# What the owner does behind the bank's back, and the row that the proof must name.
FAULTS = [
    ("UPDATE payments_topup SET amount = amount + 1 WHERE id = {paid}", "top-up {paid}"),
    ("UPDATE payments_topup SET currency = 'USD' WHERE id = {paid}", "top-up {paid}"),
    ("UPDATE payments_topup SET account_id = {stranger} WHERE id = {paid}", "top-up {paid}"),
    ("UPDATE payments_topup SET receipt_no = 'DP-1' WHERE id = {paid}", "top-up {paid}"),
    ("UPDATE payments_topup SET entry_id = {cash} WHERE id = {paid}",
     "top-up {paid} | entry {entry}"),
    (UNGUARDED + "UPDATE payments_topup SET entry_id = NULL WHERE id = {paid}",
     "top-up {paid} | entry {entry}"),
    (UNGUARDED + "UPDATE payments_topup SET state = 'RETURNED' WHERE id = {paid}",
     "top-up {paid} | entry {entry}"),
    *[
        (UNGUARDED + f"UPDATE payments_topup SET entry_id = {{cash}} WHERE id = {{{state}}}",
         f"top-up {{{state}}}")
        for state in ("started", "unknown", "failed", "returned")
    ],
    *[
        (f"UPDATE ledger_entry SET source = 'payments.topup:' || {{{state}}}, owner = 'customer:1'"
         " WHERE id = {cash}", "entry {cash}")
        for state in ("started", "unknown", "failed", "returned")
    ],
    ("UPDATE ledger_outboxmessage SET state = 'STUCK' WHERE event = 'topup.returned'",
     "top-up {returned}"),
    ("UPDATE ledger_outboxmessage SET state = 'STUCK' WHERE event = 'topup.started'",
     "top-up {unknown} | top-up {started}"),
    ("DELETE FROM payments_topup WHERE id = {paid}", "entry {entry}"),
    ("UPDATE ledger_entry SET receipt_no = '' WHERE id = {entry}", "top-up {paid}"),
    ("UPDATE ledger_entry SET kind = 'FEE' WHERE id = {entry}", "top-up {paid}"),
    ("UPDATE ledger_entry SET owner = 'test' WHERE id = {entry}", "top-up {paid}"),
    ("UPDATE ledger_entry SET reference = 'x' WHERE id = {entry}", "top-up {paid}"),
    ("UPDATE ledger_entry SET source = '' WHERE id = {entry}", "top-up {paid}"),
    ("UPDATE ledger_entry SET kind = 'MM_IN', owner = 'customer:1' WHERE id = {cash}",
     "entry {cash}"),
    ("UPDATE ledger_posting SET amount = 5001 WHERE entry_id = {entry} AND side = 'DEBIT'",
     "top-up {paid}"),
    ("DELETE FROM ledger_posting WHERE entry_id = {entry} AND side = 'CREDIT'", "top-up {paid}"),
]  # fmt: skip


def tell_a_story() -> dict:
    """A top-up in every state, one that was taken back, and some cash."""
    paid, reversed_ = started(), started()
    for topup in (paid, reversed_):
        topups.finish(topup, at=AT, actor=SYSTEM)
    undo(TopUp.objects.get(pk=reversed_.pk).entry_id)
    failed, unknown, returned = started(), started(), started()
    for topup, result in ((failed, Result.FAILED), (unknown, Result.UNKNOWN)):
        topups.settle(topup, answer=Answer(result), at=AT, actor=SYSTEM)
    topups.give_back(returned, answer=Answer(Result.SUCCESS, "DEMO1"), at=AT, actor=SYSTEM)
    stranger = DepositAccountFactory()
    return {
        "paid": paid.pk,
        "entry": TopUp.objects.get(pk=paid.pk).entry_id,
        "started": started().pk,
        "failed": failed.pk,
        "unknown": unknown.pk,
        "returned": returned.pk,
        "stranger": stranger.pk,
        "cash": put_in(stranger.ledger_account, "5").entry_id,
    }


def started() -> TopUp:
    """A request of which the rail has not heard yet."""
    account = DepositAccountFactory()
    return topups.start(
        reference=uuid4(),
        account=account,
        money=kes(5000),
        at=AT,
        actor=actor_of(account.customer),
    )


@pytest.fixture(scope="module")
def story(test_databases, django_db_setup, django_db_blocker):
    """A demo bank with top-ups of every kind, opened as its owner."""
    with stories.told(test_databases, django_db_blocker, tell_a_story, before=DEMO) as names:
        yield names


class TestTheProofOfTopUps:
    @pytest.mark.parametrize(("fault", "row"), FAULTS, ids=range(len(FAULTS)))
    def test_goes_red_for_its_fault_and_names_the_row(self, story, fault, row):
        with stories.tampering(story) as tamper:
            tamper(fault)
            named = {subject for subject, _fault in stories.faults_of(PROOF)}

        assert set(row.format(**story).split(" | ")) <= named

    def test_holds_for_the_bank_as_it_was(self, story):
        states = TopUp.objects.values_list("state", flat=True)

        assert set(states) == {"STARTED", "UNKNOWN", "FAILED", "RETURNED", "PAID"}
        assert stories.faults_of(PROOF) == []

    def test_looks_only_at_what_is_new_when_it_is_told_to(self, story):
        with stories.tampering(story) as tamper:
            tamper("UPDATE payments_topup SET amount = amount + 1 WHERE id = {paid}")

            assert stories.faults_of(PROOF, since=proofs.last_entry_id()) == []
