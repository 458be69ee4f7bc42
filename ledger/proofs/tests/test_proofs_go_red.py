"""
What triggers cannot hold against the owner of the tables, the proofs notice: each goes red for its
fault and names the row.
"""

import hashlib
import time

import pytest
from django.db import connection, transaction

from ledger.controls import doors, outbox
from ledger.controls.models import AuditEntry
from ledger.factories import (
    NOON,
    LedgerAccountFactory,
    pay,
    place,
    put_in,
    send,
    take_out,
    undo,
)
from ledger.journal.lines import BatchLine, Count, Event, Taking
from ledger.money import kes
from ledger.proofs import monitor, seals
from ledger.proofs import queries as proofs
from ledger.proofs.tests import stories
from wekeza.kit.actor import SYSTEM

# A request and, by it, a month or a year that is closed: told by the owner, whom no trigger asks.
ASKED = (
    "INSERT INTO ledger_approval (public_id, deed, subject, payload, changes, impact, reason,"
    " branch, about, to_check, digest, state, maker, maker_person, made_at, expires_at, checker,"
    " checker_person, note) VALUES (gen_random_uuid(), 'x', '', '[]', '[]', '', 'x', '', '[]', 'x',"
    " 'x', 'PENDING', 'x', 'x', now(), now(), '', '', '');"
)
CLOSED = (
    ASKED + "INSERT INTO ledger_period (first_date, last_date, is_closed, changed_at, approval_id)"
    " SELECT date_trunc('month', business_date), date_trunc('month', business_date) +"
    " interval '1 month - 1 day', true, '{when}', (SELECT max(id) FROM ledger_approval)"
    " FROM ledger_businessday"
)
# proof, what the owner does behind the books' back, the row that the proof must name
FAULTS = [
    ("P01", "INSERT INTO ledger_entry (owner, reference, kind, business_date, value_date,"
     " at, recorded_at, actor, receipt_no, memo, source, branch, legs) SELECT 'x', 'x', 'X',"
     " business_date, business_date, now(), now(), 'x', '', '', '', '001', 2"
     " FROM ledger_businessday", "entry "),
    ("P01", "DELETE FROM ledger_posting WHERE entry_id = {sent}", "entry {sent}"),
    ("P01", "DELETE FROM ledger_posting WHERE entry_id = {sent} AND line = 2", "entry {sent}"),
    ("P01", "UPDATE ledger_posting SET amount = 31 WHERE entry_id = {sent} AND line = 1",
     "entry {sent}"),
    ("P01", "UPDATE ledger_posting SET side = 'DEBIT' WHERE entry_id = {sent}", "entry {sent}"),
    ("P01", "UPDATE ledger_entry SET legs = 3 WHERE id = {sent}", "entry {sent}"),
    ("P01", "UPDATE ledger_posting SET line = 7 WHERE entry_id = {sent} AND line = 2",
     "entry {sent}"),
    ("P01", "UPDATE ledger_posting SET entry_id = 999999 WHERE entry_id = {sent}",
     "posting {payer}/0 #3"),
    ("P01", "UPDATE ledger_entry SET business_date = business_date - 1 WHERE id = {sent}",
     "posting {payer}/0 #3"),
    ("P02", "UPDATE ledger_balance SET balance = balance + 1000000 WHERE account_id = {payee}",
     "account {payee}/0"),
    ("P02", "UPDATE ledger_balance SET sequence = sequence + 1 WHERE account_id = {payee}",
     "account {payee}/0"),
    ("P02", "UPDATE ledger_posting SET balance_after = balance_after + 1 WHERE account_id = {payer}"
     " AND sequence = 1", "account {payer}/0 #1"),
    ("P02", "DELETE FROM ledger_posting WHERE account_id = {payer} AND sequence = 2",
     "account {payer}/0 #3"),
    ("P02", "UPDATE ledger_posting SET account_id = {empty}, sequence = 1 WHERE entry_id = {sent}"
     " AND account_id = {payee}", "account {payee}/0"),
    ("P02", "UPDATE ledger_posting SET business_date = business_date - 1 WHERE account_id = {payer}"
     " AND sequence = 3", "account {payer}/0 #3"),
    ("P03", "UPDATE ledger_balance SET floor = -1000000 WHERE account_id = {payer}",
     "account {payer}"),
    ("P03", "UPDATE ledger_balance SET held = -1, floor = -1 WHERE account_id = {payer}",
     "account {payer}"),
    ("P03", "ALTER TABLE ledger_balance DROP CONSTRAINT ledger_balance_is_within_its_funds;"
     " UPDATE ledger_balance SET balance = -1 WHERE account_id = {empty}", "account {empty}"),
    ("P03", "UPDATE ledger_balance SET overdraft = 'NaN' WHERE account_id = {payer}",
     "account {payer}"),
    ("P03", "UPDATE ledger_balance SET maximum = 'NaN' WHERE account_id = {payer}",
     "account {payer}"),
    ("P03", "UPDATE ledger_balance SET minimum = -1 WHERE account_id = {payer}", "account {payer}"),
    ("P03", "UPDATE ledger_balance SET held = held + 1, floor = floor + 1 WHERE account_id ="
     " {payer}", "account {payer}"),
    ("P03", "UPDATE ledger_hold SET amount = amount + 1 WHERE id = {hold}", "account {payer}"),
    ("P03", "UPDATE ledger_hold SET amount = amount + 1, captured = captured + 1 WHERE id = {hold}",
     "hold {hold}"),
    ("P04", "UPDATE ledger_posting SET currency = 'USD' WHERE entry_id = {sent}",
     "posting {payer}/0 #3"),
    ("P04", "UPDATE ledger_posting SET account_id = 99 WHERE entry_id = {sent} AND line = 1",
     "posting 99/0 #3"),
    ("P04", "UPDATE ledger_posting SET account_id = (SELECT id FROM ledger_ledgeraccount WHERE"
     " code = '2050') WHERE entry_id = {sent} AND line = 1", "/0 #3"),
    ("P06", "UPDATE ledger_balance SET balance = balance + 0.01 WHERE account_id = {payee}",
     "currency KES"),
    ("P07", "UPDATE ledger_balance SET balance = 'NaN' WHERE account_id = {payee}",
     "account {payee}/0"),
    ("P07", "UPDATE ledger_balance SET balance = balance + 0.001 WHERE account_id = {payee}",
     "account {payee}/0"),
    ("P07", "UPDATE ledger_posting SET amount = 'NaN' WHERE entry_id = {sent} AND line = 1",
     "posting {payer}/0 #3"),
    ("P07", "UPDATE ledger_posting SET amount = 0 WHERE entry_id = {sent} AND line = 1",
     "posting {payer}/0 #3"),
    ("P07", "UPDATE ledger_posting SET amount = 30.001 WHERE entry_id = {sent} AND line = 1",
     "posting {payer}/0 #3"),
    ("P08", "DELETE FROM ledger_balance WHERE account_id = {empty}", "account {empty_code}"),
    ("P08", "UPDATE ledger_balance SET currency = 'USD' WHERE account_id = {empty}",
     "account {empty_code}"),
    ("P08", "UPDATE ledger_balance SET normal_side = 'DEBIT' WHERE account_id = {empty}",
     "account {empty_code}"),
    ("P08", "UPDATE ledger_balance SET exponent = 4 WHERE account_id = {empty}",
     "account {empty_code}"),
    ("P08", "UPDATE ledger_ledgeraccount SET closed_date = '2026-01-01' WHERE id = {payer}",
     "account {payer_code}"),
    ("P08", "UPDATE ledger_ledgeraccount SET control_id = (SELECT id FROM ledger_ledgeraccount"
     " WHERE code = '1310') WHERE id = {payer}", "account {payer_code}"),
    ("P09", "DROP INDEX ledger_entry_is_reversed_once; UPDATE ledger_entry SET reverses_id ="
     " {undone} WHERE id = {sent}", "entry {sent}"),
    ("P09", "UPDATE ledger_posting SET amount = 6 WHERE entry_id = {undo} AND line = 1",
     "entry {undo}"),
    ("P09", "ALTER TABLE ledger_entry DROP CONSTRAINT"
     " ledger_entry_reference_is_used_once_by_its_owner; UPDATE ledger_entry SET reference ="
     " 'story:sent' WHERE id = {undone}", "entry {sent}"),
    ("P09", "ALTER TABLE ledger_doorkey DROP CONSTRAINT ledger_door_key_is_used_once; INSERT INTO"
     " ledger_doorkey (owner, route, key, digest, subject, status, answer, created_at) SELECT"
     " owner, route, key, digest, subject, status, answer, now() FROM ledger_doorkey",
     "door key test story:door 1"),
    ("P09", "UPDATE ledger_batch SET posted = 2 WHERE id = {batch}", "batch {batch}"),
    ("P09", "UPDATE ledger_entry SET reference = 'else' WHERE reference = 'story:batch#1'",
     "batch {batch}"),
    ("P10", "UPDATE ledger_outboxmessage SET state = 'DONE' WHERE event = 'story.told'", "outbox "),
    ("P10", "UPDATE ledger_outboxmessage SET state = 'GONE' WHERE event = 'story.told'", "outbox "),
    ("P10", "UPDATE ledger_outboxmessage SET state = 'STUCK' WHERE event = 'story.told'",
     "outbox "),
    ("P10", "UPDATE ledger_outboxmessage SET payload = '{{\"entry\": 999999}}'", "outbox "),
    ("P10", "ALTER TABLE ledger_inboxreceipt DROP CONSTRAINT ledger_inbox_message_is_taken_once;"
     " INSERT INTO ledger_inboxreceipt (source, message_ref, created_at) SELECT source,"
     " message_ref, now() FROM ledger_inboxreceipt", "inbox story 1"),
    ("P13", "UPDATE ledger_counter SET used = used - 1", "test:payer DAILY_OUT 2026-11-21"),
    ("P13", "DELETE FROM ledger_counter", "test:payer DAILY_OUT 2026-11-21"),
    ("P13", "INSERT INTO ledger_counter VALUES ('test:other', 'DAILY_OUT', '2026-11-21', 5)",
     "test:other DAILY_OUT 2026-11-21"),
    ("P16", "UPDATE ledger_entry SET business_date = business_date + 1 WHERE id = {sent}",
     "entry {sent}"),
    ("P16", "UPDATE ledger_entry SET value_date = business_date + 1 WHERE id = {sent}",
     "entry {sent}"),
    ("P16", "UPDATE ledger_entry SET recorded_at = '2020-01-01' WHERE id = {sent}",
     "entry {sent}"),
    ("P19", "UPDATE ledger_entry SET memo = 'gift' WHERE id = {sent}", "entry {sent}"),
    ("P19", "DELETE FROM ledger_seal WHERE id = 1", "seal 2"),
    ("P22", CLOSED.replace("{when}", "2020-01-01"), "entry {sent}"),
    ("P22", CLOSED.replace("{when}", "2100-01-01"), "period "),
    ("P22", ASKED + "INSERT INTO ledger_financialyear (year, result, closed_at, approval_id) SELECT"
     " 2025, 0, now(), max(id) FROM ledger_approval", "year 2025"),
]  # fmt: skip


def tell_a_story():
    """A small bank in which every proof has something to look at."""
    payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()
    empty = LedgerAccountFactory()
    undone = put_in(payer, "5")
    day = undone.business_date.replace(year=2026, month=11, day=21)
    limit = Count("test:payer", "DAILY_OUT", day, kes(30).amount, None)
    sent = send(
        payer, payee, "30", reference="story:sent", counts=[limit], outbox=[Event("story.told")]
    )
    undo_id = undo(undone.entry_id).entry_id
    hold = place(payer, "20", owner="test", reference="story:hold")
    take_out(payer, "5", takes=Taking(hold.pk, keeps_rest=True))
    batch = pay(
        BatchLine(payer.pk, payee.pk, kes("1")), BatchLine(empty.pk, payee.pk, kes("1")),
        reference="story:batch", is_partial=True,
    )  # fmt: skip
    with transaction.atomic():
        outbox.take_in(source="story", message_ref="1")
        doors.keep(owner="test", route="story:door", key="1", facts={}, subject=payer)
    seals.seal()
    put_in(payee, "3")
    seals.seal()
    return {
        "payer": payer.pk, "payer_code": payer.code, "payee": payee.pk, "empty": empty.pk,
        "empty_code": empty.code, "sent": sent.entry_id, "undone": undone.entry_id,
        "undo": undo_id, "hold": hold.pk, "batch": batch.batch_id,
    }  # fmt: skip


@pytest.fixture(scope="module")
def story(test_databases, django_db_setup, django_db_blocker):
    """A database of its own, told as the application and then opened as its owner."""
    with stories.told(test_databases, django_db_blocker, tell_a_story) as names:
        yield names


@pytest.fixture
def tamper(story):
    """Lets the owner switch the triggers off and change rows; all of it is undone."""
    with stories.tampering(story) as change:
        yield change


class TestTheProofs:
    @pytest.mark.proves("LG17", "LG21")
    @pytest.mark.parametrize(
        ("proof", "fault", "row"), FAULTS, ids=[f"{n}-{fault[0]}" for n, fault in enumerate(FAULTS)]
    )
    def test_go_red_for_their_fault_and_name_the_row(self, tamper, story, proof, fault, row):
        tamper(fault)

        found = {asked.name[:3]: asked for asked in proofs.prove() if not asked.holds}

        assert proof in found
        assert row.format(**story) in " | ".join(subject for subject, _ in found[proof].faults)

    def test_hold_for_the_bank_as_it_was(self, story):
        assert [asked.name for asked in proofs.prove() if not asked.holds] == []

    def test_are_each_an_alarm_of_the_monitors_next_round(self, story):
        """Goal G24: a fault in what is new is told within one round, which takes no minute."""
        with stories.tampering(story):
            assert monitor.watch(at=NOON, actor=SYSTEM).holds, "no false alarm"

        for proof, fault, row in FAULTS:
            with stories.tampering(story) as tamper:
                tamper(fault)
                began = time.monotonic()
                asked = monitor.watch(at=NOON, actor=SYSTEM)
                took = time.monotonic() - began
                alarms = AuditEntry.objects.filter(deed="books.broken").count()
            named = [subject for name, subject, _ in asked.faults if name.startswith(proof)]
            assert row.format(**story) in " | ".join(named), fault
            assert alarms and took < 60, fault
        assert len(FAULTS) >= 30 and asked.asked >= 20

    def test_have_a_fault_planted_for_every_one_of_the_ledger(self):
        names = {file.name[:3] for file in proofs.FOLDER.glob("P*.sql")}

        assert names == {proof for proof, *_ in FAULTS}

    def test_look_only_at_what_is_new_when_they_are_told_to(self, tamper, story):
        tamper("UPDATE ledger_posting SET amount = 31 WHERE entry_id = {sent} AND line = 1")

        newer = proofs.prove(since=story["sent"])
        assert not {asked.name[:3] for asked in newer if not asked.holds} & {"P01", "P04", "P07"}

    def test_leave_a_hold_that_ended_long_ago_to_the_night(self, tamper, story):
        tamper(
            "UPDATE ledger_hold SET amount = captured + 1, captured = captured + 1,"
            " state = 'CAPTURED', ended_on = '2026-11-21' WHERE id = {hold}"
        )

        def holds_named(since):
            [asked] = [one for one in proofs.prove(since=since) if one.name.startswith("P03")]
            return [subject for subject, _fault in asked.faults if subject.startswith("hold")]

        of_it = [f"hold {story['hold']}"]
        newest = proofs.last_entry_id()
        assert [holds_named(since) for since in (0, story["sent"], newest)] == [of_it, of_it, []]

    def test_list_no_more_faults_than_they_are_asked_for(self, tamper, story):
        tamper("UPDATE ledger_posting SET balance_after = balance_after + 1")

        broken = {asked.name[:3]: asked for asked in proofs.prove(most=3)}
        assert len(broken["P02"].faults) == 3


class TestTheCaller:
    def test_gets_its_settings_back(self, story):
        with transaction.atomic(), connection.cursor() as cursor:
            usual = "SELECT current_setting('statement_timeout'), current_setting('work_mem')"
            cursor.execute("SET LOCAL statement_timeout = '7s'")
            cursor.execute(usual)
            before = cursor.fetchone()
            proofs.prove(since=story["sent"])
            cursor.execute(usual)

            assert cursor.fetchone() == before
            assert before[0] == "7s"


class TestTheDigest:
    def test_is_the_same_for_the_same_books_and_another_for_others(self, tamper, story):
        before = proofs.digest()
        assert proofs.digest() == before
        assert len(before) == len(hashlib.sha256().hexdigest())

        tamper("UPDATE ledger_balance SET balance = balance + 0.01 WHERE account_id = {payee}")

        assert proofs.digest() != before

    def test_stands_beside_what_was_counted(self, story):
        figures = proofs.figures()

        assert figures["entries"] == 7
        assert figures["postings"] == 14
        assert figures["accounts"] > 119
