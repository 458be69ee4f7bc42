"""The chain of seals over the journal: what it covers, and what it notices."""

import hashlib
import json
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from ledger.calendar import operations as calendar
from ledger.calendar import queries as calendar_queries
from ledger.factories import LedgerAccountFactory, pay, put_in, send, undo
from ledger.journal.lines import BatchLine
from ledger.journal.models import Entry
from ledger.money import kes
from ledger.proofs import queries as proofs
from ledger.proofs import seals
from ledger.proofs.models import Seal
from ledger.proofs.tests import stories
from wekeza.kit.actor import SYSTEM


def covered(seal):
    """Every entry id under a seal."""
    spans = zip(seal.firsts, seal.lasts, strict=True)
    return [number for first, last in spans for number in range(first, last + 1)]


def is_whole():
    [chain] = [one for one in proofs.prove() if one.name.startswith("P19")]
    return chain.faults


@pytest.mark.django_db
class TestASeal:
    def test_covers_what_no_other_covers_and_follows_the_one_before(self):
        account = LedgerAccountFactory()
        first = [put_in(account, "5").entry_id for _ in range(3)]
        seals.seal()
        one = seals.head()
        second = put_in(account, "6").entry_id
        seals.seal()
        two = seals.head()

        assert set(first) <= set(covered(one))
        assert covered(two) == [second]
        assert two.previous == one.hash
        assert is_whole() == []

    def test_is_not_written_for_nothing(self):
        seals.seal()
        before = seals.head()

        assert seals.seal() == 0
        assert seals.head() == before

    def test_says_what_anybody_can_work_out_from_the_entry(self):
        seals.seal()
        put_in(LedgerAccountFactory(), "5")
        seals.seal()
        seal = seals.head()
        [entry] = Entry.objects.filter(pk__in=covered(seal))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ledger_entry_text(e) FROM ledger_entry e WHERE id = %s", [entry.pk]
            )
            text = cursor.fetchone()[0]

        leaf = hashlib.sha256(text.encode()).digest()
        head = json.dumps([seal.previous, None, seal.firsts, seal.lasts])
        assert seal.hash == hashlib.sha256(head.encode() + leaf).hexdigest()
        assert bytes(seal.leaves) == leaf[:8]
        assert json.loads(text)[3] == "CASH_DEPOSIT"

    def test_of_a_date_that_closes_names_it_and_leaves_nothing(self):
        account, day = LedgerAccountFactory(), calendar_queries.business_date()
        put_in(account, "5")

        calendar.roll(from_date=day, actor=SYSTEM)

        closing = Seal.objects.get(business_date=day)
        assert closing == seals.head()
        assert seals.seal() == 0
        assert is_whole() == []

    def test_covers_an_entry_once_however_many_dates_were_closed_since(self):
        account = LedgerAccountFactory()
        for _ in range(3):
            put_in(account, "5")
            for _ in range(2):  # The second date is an empty one.
                calendar.roll(from_date=calendar_queries.business_date(), actor=SYSTEM)
        put_in(account, "5")
        seals.seal()

        numbers = [number for seal in Seal.objects.all() for number in covered(seal)]
        assert len(numbers) == len(set(numbers))
        assert set(numbers) == set(Entry.objects.values_list("pk", flat=True))
        assert is_whole() == []

    def test_of_a_closing_date_leaves_nothing_of_more_than_one_seal_can_take(self):
        payer, payee = LedgerAccountFactory(balance="20001"), LedgerAccountFactory()
        line = BatchLine(payer.pk, payee.pk, kes("1"))
        pay(*[line] * 20_000)
        put_in(payer, "5")

        calendar.roll(from_date=calendar_queries.business_date(), actor=SYSTEM)

        numbers = [number for seal in Seal.objects.all() for number in covered(seal)]
        assert sorted(numbers) == sorted(Entry.objects.values_list("pk", flat=True))

    def test_closes_a_date_on_which_nothing_happened(self):
        day = calendar_queries.business_date()
        for offset in range(2):
            calendar.roll(from_date=day + timedelta(days=offset), actor=SYSTEM)

        assert Seal.objects.get(business_date=day + timedelta(days=1)).entries == 0
        assert is_whole() == []

    def test_covers_nothing_twice_after_a_date_on_which_nothing_happened(self):
        account, day = LedgerAccountFactory(), calendar_queries.business_date()
        put_in(account, "5")
        for offset in range(2):
            calendar.roll(from_date=day + timedelta(days=offset), actor=SYSTEM)
        newest = put_in(account, "5").entry_id
        seals.seal()
        calendar.roll(from_date=day + timedelta(days=2), actor=SYSTEM)

        everything = [number for seal in Seal.objects.all() for number in covered(seal)]
        assert sorted(everything) == sorted(set(everything))
        assert newest in everything
        assert is_whole() == []


@pytest.mark.django_db(transaction=True)
class TestAnEntryInFlight:
    def test_belongs_to_the_next_seal(self):
        account, later = LedgerAccountFactory(), LedgerAccountFactory()
        written, go_on = threading.Event(), threading.Event()
        slow = []

        def write_slowly():
            try:
                with transaction.atomic():
                    slow.append(put_in(account, "5").entry_id)
                    written.set()
                    assert go_on.wait(20)
            finally:
                connection.close()

        thread = threading.Thread(target=write_slowly)
        thread.start()
        assert written.wait(20)
        quick = put_in(later, "5").entry_id
        seals.seal()
        between = [number for seal in Seal.objects.all() for number in covered(seal)]
        go_on.set()
        thread.join()
        seals.seal()

        assert quick in between
        assert slow[0] not in between
        assert slow[0] < quick
        assert slow[0] in [number for seal in Seal.objects.all() for number in covered(seal)]
        assert is_whole() == []


def tell_a_story():
    payer, payee = LedgerAccountFactory(balance="100"), LedgerAccountFactory()
    sent = send(payer, payee, "30", memo="rent")
    put_in(payee, "7")
    seals.seal()
    undone = put_in(payer, "5")
    undo(undone.entry_id)
    calendar.roll(from_date=calendar_queries.business_date(), actor=SYSTEM)
    put_in(payer, "9")
    return {"sent": sent.entry_id, "undone": undone.entry_id, "payer": payer.pk}


@pytest.fixture(scope="module")
def story(test_databases, django_db_setup, django_db_blocker):
    with stories.told(test_databases, django_db_blocker, tell_a_story) as names:
        yield names


@pytest.fixture
def tamper(story):
    with stories.tampering(story) as change:
        yield change


class TestAfterASuperusersEdit:
    @pytest.mark.parametrize(
        ("edit", "fault"),
        [
            ("UPDATE ledger_entry SET memo = 'gift' WHERE id = {sent}",
             "entry {sent} is not what seal 1 covered"),
            ("UPDATE ledger_entry SET actor = 'CUSTOMER:9' WHERE id = {undone}",
             "entry {undone} is not what seal 2 covered"),
            ("UPDATE ledger_posting SET amount = amount + 1 WHERE entry_id = {sent}",
             "entry {sent} is not what seal 1 covered"),
            ("UPDATE ledger_posting SET account_id = 99 WHERE entry_id = {sent} AND line = 1",
             "entry {sent} is not what seal 1 covered"),
            ("DELETE FROM ledger_posting WHERE entry_id = {sent}",
             "entry {sent} is not what seal 1 covered"),
            ("DELETE FROM ledger_posting WHERE entry_id = {sent}; DELETE FROM ledger_entry WHERE"
             " id = {sent}", "entry {sent} is gone; seal 1 covers it"),
            ("UPDATE ledger_seal SET hash = repeat('a', 64) WHERE id = 1",
             "seal 1 has another hash than its entries"),
            ("UPDATE ledger_seal SET hash = repeat('a', 64) WHERE id = 1",
             "seal 2 does not follow the seal before it"),
            ("UPDATE ledger_seal SET leaves = '\\x00'::bytea || substring(leaves from 2) WHERE"
             " id = 1", "is not what seal 1 covered"),
            ("DELETE FROM ledger_seal WHERE id = 1", "seal 2 does not follow the seal before it"),
            ("DELETE FROM ledger_seal WHERE id = 1", "entry {sent} of"),
            ("INSERT INTO ledger_seal (firsts, lasts, top, entries, leaves, previous, hash,"
             " in_flight, oldest) SELECT firsts, lasts, top, entries, leaves, previous, hash,"
             " in_flight, oldest FROM ledger_seal WHERE id = 1", "entry {sent} is under 2 seals"),
            ("UPDATE ledger_seal SET business_date = business_date - 1 WHERE business_date IS NOT"
             " NULL", "seal 3 has another hash than its entries"),
        ],
    )  # fmt: skip
    def test_the_first_bad_row_is_named(self, tamper, story, edit, fault):
        tamper(edit)

        said = " | ".join(" ".join(one) for one in is_whole())

        assert fault.format(**story) in said

    def test_nothing_is_named_in_a_bank_that_nobody_touched(self, story):
        assert is_whole() == []

    def test_only_what_changed_is_named(self, tamper, story):
        tamper("UPDATE ledger_entry SET memo = 'gift' WHERE id = {sent}")

        assert [subject for subject, _ in is_whole()] == [f"entry {story['sent']}", "seal 1"]
