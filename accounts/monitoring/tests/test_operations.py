"""Watching the books, and what staff do with an alert."""

import time
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection

from accounts.factories import (
    DepositAccountFactory,
    StaffMemberFactory,
    staff_actor,
)
from accounts.monitoring import closing, queries, reading, tasks
from accounts.monitoring import operations as monitoring
from accounts.monitoring.models import Alert, AlertEntry, AlertHit, MonitorMark
from accounts.monitoring.tests.payments import (
    alerts_about,
    deposit,
    look_at,
    noon,
    open_account,
    structure,
)
from ledger.approvals import operations as approvals
from ledger.calendar import queries as calendar
from ledger.controls.models import AuditEntry
from ledger.factories import put_in, send, take_out, undo
from ledger.journal.models import Posting
from ledger.tests.racing import at_once, refused
from wekeza.kit.actor import SYSTEM


def go_on(at):
    """As far as the books are surely committed; another transaction may keep the mark back."""
    while monitoring.watch_next(at=at, actor=SYSTEM, most=50):
        pass


def others_are_done():
    """Waits for the transactions of tests beside this one: the server counts all its databases'."""
    until = time.monotonic() + 180
    while reading.transactions_in_flight()[0] < MonitorMark.objects.get().horizon_xid:
        assert time.monotonic() < until, "somebody never commits"
        time.sleep(0.1)


def catch_up(at):
    go_on(at)
    others_are_done()
    go_on(at)


@pytest.mark.django_db
class TestLooking:
    @pytest.mark.proves("AM12", "AM18", "AM17")
    def test_raises_an_alert_with_its_payments_type_severity_status_and_time(self):
        account = open_account()
        entries = structure(account, last=noon())

        look_at(entries[0], at=noon(hours=1))

        [alert] = alerts_about(account)
        assert (alert.type, alert.severity, alert.state) == ("Structuring", "HIGH", "OPEN")
        assert (alert.window_start, alert.found_at) == (noon(-4), noon())
        assert alert.opened_at == noon(hours=1)
        assert alert.due_at == noon(hours=25), "a verdict within 24 hours"
        paid = alert.entries.order_by("entry_id")
        assert [(one.entry_id, one.direction, one.amount) for one in paid] == [
            (entry, "in", Decimal(800000)) for entry in entries
        ]
        [hit] = alert.hits.all()
        assert hit.entry_id == entries[2] and "KES\u00a02,400,000.00 together" in hit.why
        assert hit.figures["version"] == "1" and hit.figures["total"] == "2400000.0000"
        [line] = AuditEntry.objects.filter(subject=f"accounts.alert:{alert.pk}")
        assert line.deed == "alert.raised" and line.detail["entry"] == str(entries[2])

    def test_twice_finds_nothing_again(self):
        account = open_account()
        entries = structure(account, last=noon())

        for _ in range(3):
            look_at(entries[0], at=noon())

        [alert] = alerts_about(account)
        assert alert.hits.count() == 1 and alert.entries.count() == 3
        assert AuditEntry.objects.filter(subject=f"accounts.alert:{alert.pk}").count() == 1

    def test_more_of_the_same_joins_the_running_alert_for_seven_days(self):
        account = open_account()
        first = structure(account, last=noon(-20))[0]
        structure(account, last=noon(-20 + 6.9))

        look_at(first, at=noon())

        [alert] = alerts_about(account)
        assert alert.hits.count() == 2 and alert.entries.count() == 6
        later = structure(account, last=noon(-20 + 7))[0]
        look_at(later, at=noon())
        assert len(alerts_about(account)) == 2, "after seven days another one is opened"

    def test_what_was_closed_hides_nothing_new(self, officer):
        account = open_account()
        look_at(structure(account, last=noon(-1))[0], at=noon())
        [alert] = alerts_about(account)
        alert = monitoring.take(alert, actor=officer, at=noon())
        asked = closing.ask_false(alert, reason="Sold a car", actor=officer, at=noon())
        second = staff_actor(StaffMemberFactory(role_id="COMPLIANCE"))
        approvals.approve(asked, digest=asked.digest, actor=second, at=noon())

        look_at(deposit(account, at=noon()), at=noon())

        old, new = alerts_about(account)
        assert (old.hits.count(), new.hits.count()) == (1, 1)
        assert new.window_start == noon(), "the first payment that no alert has told of"

    def test_leaves_out_what_was_taken_back(self):
        account = open_account()
        entries = structure(account, last=noon())
        undo(entries[1], at=noon())

        look_at(entries[0], at=noon())

        assert alerts_about(account) == []

    def test_leaves_out_what_moves_between_ones_own_accounts(self):
        account = open_account(balance="900000")
        other = DepositAccountFactory(customer=account.customer, is_another=True)
        first = None
        for days in (-3, -1):
            for here, there in ((account, other), (other, account)):
                paid = send(here.ledger_account, there.ledger_account, "300000", at=noon(days))
                first = first or paid.entry_id

        look_at(first, at=noon())

        assert alerts_about(account) == []

    def test_finds_money_that_only_passes(self):
        # Nothing else comes in: on one date of the calendar it would be what leaves again.
        account, payee = open_account(balance="0"), open_account(balance="0")
        payer = open_account(balance="900000")
        first = None
        for days in (-9, -2):
            sums = [(payer, account, "250000", 0), (account, payee, "240000", 5)]
            for source, target, amount, hours in sums:
                here, there = source.ledger_account, target.ledger_account
                paid = send(here, there, amount, at=noon(days, hours))
                first = first or paid.entry_id

        look_at(first, at=noon())

        [alert] = alerts_about(account)
        assert alert.type == "Rapid pass-through" and alert.entries.count() == 4
        assert alerts_about(payer) == alerts_about(payee) == []

    def test_finds_a_dormant_account_that_wakes(self, bank_database):
        account = open_account(balance="0")
        other = open_account()
        put_in(account.ledger_account, "600000", at=noon(-500))
        # Nobody could post on a business date of last year: only the quiet before the rows counts.
        [rule] = [rule for row, rule in queries.rules_on(noon().date()) if row.code == "DORMANT"]
        tomorrow = calendar.business_date() + timedelta(1)
        quiet = reading.quiet_since([account.ledger_account_id], before=tomorrow, rule=rule)
        assert quiet == [(account.ledger_account_id, noon(-500))]
        undo(take_out(account.ledger_account, "50", at=noon(-90)).entry_id, at=noon(-90))
        again = reading.quiet_since([account.ledger_account_id], before=tomorrow, rule=rule)
        assert again == quiet, "what was taken back has moved nothing"
        sent = send(account.ledger_account, other.ledger_account, "100000", at=noon(-1))

        look_at(sent.entry_id, at=noon())

        [alert] = alerts_about(account)
        assert (alert.type, alert.severity) == ("Dormant revival", "MEDIUM")
        assert alert.hits.get().figures["quiet_days"] == "499"

    def test_is_about_customers_and_shillings(self):
        take_out(open_account(balance="5000").ledger_account, "100", at=noon())

        assert reading.touched(10**14, 10**14 + 5) == ({}, [])


@pytest.mark.django_db
class TestReadingByIndex:
    def plan(self, rows):
        with connection.cursor() as cursor:
            for way in ("seqscan", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        return rows.explain()

    def test_of_postings_goes_by_their_key(self):
        account = open_account(balance="5000").ledger_account_id
        day = calendar.business_date()

        plan = self.plan(reading.postings_of([account], day - timedelta(40), day))

        assert "ledger_posting_pkey" in plan and "Seq Scan on ledger_posting" not in plan

    def test_of_what_is_new_goes_by_the_number_of_the_entry(self):
        plan = self.plan(Posting.objects.filter(entry__gte=1, entry__lte=2000))

        assert "Index" in plan and "Seq Scan" not in plan


@pytest.mark.django_db(transaction=True)
class TestWatching:
    @pytest.mark.proves("AM16")
    def test_catches_up_and_looks_at_each_entry_once(self):
        catch_up(noon())
        account = open_account()
        entries = structure(account, last=noon())

        catch_up(noon())
        mark = MonitorMark.objects.get()
        catch_up(noon())

        [alert] = alerts_about(account)
        assert alert.hits.count() == 1
        assert entries[-1] <= mark.read_to == reading.newest_entry()
        assert MonitorMark.objects.get().updated_at == mark.updated_at, "nothing was left to do"

    def test_is_what_the_task_does_every_minute(self):
        account = open_account()
        structure(account, last=noon())

        tasks.watch()
        others_are_done()
        tasks.watch()

        assert len(alerts_about(account)) == 1
        scheduled = {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}
        assert tasks.watch.name in scheduled

    def test_waits_for_whoever_still_writes_a_smaller_number(self, bank_database):
        catch_up(noon())
        account = open_account()
        with psycopg.connect(bank_database["owner"]) as slow:
            slow.execute("SELECT pg_current_xact_id()")  # Somebody who has not committed.
            entries = structure(account, last=noon())
            go_on(noon())
            assert MonitorMark.objects.get().read_to < entries[-1]
            assert alerts_about(account) == []

        catch_up(noon())
        assert len(alerts_about(account)) == 1

    def test_by_two_at_once_finds_everything_once(self):
        catch_up(noon())
        account = open_account()
        structure(account, last=noon())

        results = at_once(4, lambda number: catch_up(noon()))
        catch_up(noon())

        assert not refused(results)
        [alert] = alerts_about(account)
        assert alert.hits.count() == 1 and alert.entries.count() == 3

    def test_leaves_the_mark_where_it_was_when_it_dies(self, monkeypatch):
        catch_up(noon())
        account = open_account()
        structure(account, last=noon())
        monitoring.watch_next(at=noon(), actor=SYSTEM)  # The horizon.
        others_are_done()
        before = MonitorMark.objects.get().read_to
        with monkeypatch.context() as broken:
            broken.setattr(monitoring, "CHUNK", 1)
            broken.setattr(reading, "CHUNK", 0)  # A step of nothing: a bug.
            with pytest.raises(ValueError, match="arg 3"):
                monitoring.watch_next(at=noon(), actor=SYSTEM)

        assert MonitorMark.objects.get().read_to == before and not alerts_about(account)
        catch_up(noon())
        assert len(alerts_about(account)) == 1

    def test_of_the_same_range_by_two_at_once_raises_one_alert(self):
        account = open_account()
        first = structure(account, last=noon())[0]

        def look(number):
            try:
                look_at(first, at=noon())
            except DatabaseError as error:
                return error
            return None

        at_once(3, look)
        look_at(first, at=noon())

        [alert] = alerts_about(account)
        assert alert.hits.count() == 1


@pytest.mark.django_db
class TestTheDryRun:
    def trial(self, code="STRUCTURING", parameters=None, days=30, **facts):
        [rule] = [row for row in queries.rules_on(noon().date()) if row[0].code == code]
        today = calendar.business_date()
        given = rule[0].parameters | (parameters or {})
        return queries.dry_run(code, given, today - timedelta(days), today, at=noon(), **facts)

    def test_gives_what_the_real_run_raises(self):
        before = self.trial()
        first = structure(one := open_account(), last=noon(-9))[0]
        structure(one, last=noon(-1))
        structure(two := open_account(), last=noon(-3))
        after = self.trial()

        look_at(first, at=noon())

        raised = alerts_about(one) + alerts_about(two)
        assert after.hits - before.hits == len(raised) == 3
        assert after.holders - before.holders == 2
        assert after.kes - before.kes == Decimal(9 * 800000)
        assert AlertHit.objects.filter(alert__in=raised).count() == sum(
            len(found) for customer, found in after.alerts
            if customer in {("customer", one.customer_id), ("customer", two.customer_id)}
        )  # fmt: skip
        kept = AlertEntry.objects.filter(alert__in=raised).values_list("entry_id", flat=True)
        told = {
            row.entry_id for customer, found in after.alerts for one in found for row in one.rows
        }
        assert set(kept) <= told

    def test_writes_nothing_and_follows_its_parameters(self):
        structure(open_account(), last=noon())

        assert self.trial(parameters={"least_count": 4, "sum_hours": 1}).hits == 0
        assert self.trial().hits == 1
        assert Alert.objects.count() == 0

    def test_is_about_its_span_alone(self):
        structure(open_account(), last=noon(-40))

        assert self.trial(days=30).hits == 0
        assert self.trial(days=45).hits == 1

    @pytest.mark.parametrize(("first", "last"), [(0, -1), (-366, 0), (1, 2), (-20000, -19990)])
    def test_refuses_a_span_that_makes_no_sense(self, first, last):
        today = calendar.business_date()
        days = [today + timedelta(number) for number in (first, last)]

        with pytest.raises(queries.BadSpanOfDays):
            queries.dry_run("PASS_THROUGH", {}, *days, at=noon())
