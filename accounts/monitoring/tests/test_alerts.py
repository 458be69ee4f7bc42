"""What staff do with an alert, what the database keeps, and who is first."""

from functools import partial

import psycopg
import pytest
from django.db import DatabaseError, transaction

from accounts.factories import (
    AlertFactory,
    CustomerFactory,
    StaffMemberFactory,
    staff_actor,
)
from accounts.monitoring import operations as monitoring
from accounts.monitoring import queries
from accounts.monitoring.models import AlertEntry, AlertHit, MonitorNote
from accounts.monitoring.refusals import AboutYourself, NoteMissing, NotTaken, NotYours
from accounts.monitoring.tests.payments import alerts_about, deposit, look_at, noon, structure
from ledger.tests.racing import at_once, refused


@pytest.mark.django_db
class TestTaking:
    def test_puts_an_alert_into_somebodys_hands_once(self, officer):
        alert = AlertFactory()

        taken = monitoring.take(alert, actor=officer, at=noon())

        assert (taken.state, taken.taken_by, taken.taken_at) == ("TRIAGE", str(officer), noon())
        with pytest.raises(NotTaken):
            monitoring.take(alert, actor=officer, at=noon())

    def test_takes_the_permission(self):
        alert, risk = AlertFactory(), staff_actor(StaffMemberFactory(role_id="RISK"))

        for deed in (monitoring.take, partial(monitoring.write_note, text="Seen")):
            with pytest.raises(NotYours):
                deed(alert, actor=risk, at=noon())
        monitoring.keep_seen(alert, actor=risk, at=noon())

    def test_is_not_for_whom_it_is_about(self):
        customer = CustomerFactory(tier_id="TIER_3", national_id="35792001")
        alert = AlertFactory(customer=customer)
        self_actor = staff_actor(StaffMemberFactory(role_id="COMPLIANCE", national_id="35792001"))

        for deed in (monitoring.take, monitoring.keep_seen):
            with pytest.raises(AboutYourself):
                deed(alert, actor=self_actor, at=noon())
        assert alert not in queries.seen_by(queries.waiting_alerts(), self_actor)


@pytest.mark.django_db
class TestNotesAndCases:
    def test_notes_are_kept_for_ever(self, officer):
        alert = AlertFactory()

        note = monitoring.write_note(alert, text=" Sells maize ", actor=officer, at=noon())

        assert (note.text, note.written_by) == ("Sells maize", str(officer))
        with pytest.raises(NoteMissing):
            monitoring.write_note(alert, text="  ", actor=officer, at=noon())
        for write in (MonitorNote, AlertHit, AlertEntry):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                write.objects.all().delete()

    def test_a_case_takes_in_the_alerts_about_its_customer(self, officer):
        first = AlertFactory(at=noon(-20))
        with pytest.raises(NotTaken):
            monitoring.open_case(first, text="Why", actor=officer, at=noon())
        monitoring.take(first, actor=officer, at=noon())
        with pytest.raises(NoteMissing):
            monitoring.open_case(first, text="", actor=officer, at=noon())
        first.refresh_from_db()
        assert first.state == "TRIAGE", "a refusal leaves nothing"

        case = monitoring.open_case(first, text="No source of funds", actor=officer, at=noon())

        account = first.customer.deposit_accounts.get()
        look_at(structure(account, last=noon())[0], at=noon())
        second = alerts_about(account)[-1]
        monitoring.take(second, actor=officer, at=noon())
        assert monitoring.open_case(second, text="Again", actor=officer, at=noon()) == case
        assert sorted(case.alerts.values_list("pk", flat=True)) == [first.pk, second.pk]
        assert case.notes.count() == 2

    @pytest.mark.usefixtures("db")
    def test_more_payments_join_the_alert_of_a_running_case(self, officer):
        alert = AlertFactory(at=noon(-1))
        monitoring.take(alert, actor=officer, at=noon())
        monitoring.open_case(alert, text="Why", actor=officer, at=noon())

        account = alert.customer.deposit_accounts.get()
        look_at(deposit(account, at=noon()), at=noon())

        assert alerts_about(account) == [alert] and alert.hits.count() == 2


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_of_two_who_take_an_alert_one_wins(self):
        alert = AlertFactory()
        officers = [staff_actor(StaffMemberFactory(role_id="COMPLIANCE")) for _ in range(2)]

        results = at_once(2, lambda n: monitoring.take(alert, actor=officers[n], at=noon()))

        [lost] = refused(results)
        assert isinstance(lost, NotTaken)

    def test_of_two_alerts_at_once_comes_one_case(self):
        first = AlertFactory(at=noon(-20))
        account = first.customer.deposit_accounts.get()
        look_at(structure(account, last=noon())[0], at=noon())
        officer = staff_actor(StaffMemberFactory(role_id="COMPLIANCE"))
        both = [monitoring.take(one, actor=officer, at=noon()) for one in alerts_about(account)]

        cases = at_once(
            2, lambda n: monitoring.open_case(both[n], text="Why", actor=officer, at=noon())
        )

        assert cases[0] == cases[1] and cases[0].alerts.count() == 2


@pytest.mark.django_db(transaction=True)
class TestTheDatabase:
    def test_lets_nobody_close_an_alert_alone(self, bank_database):
        alert = AlertFactory()
        monitoring.take(
            alert, actor=staff_actor(StaffMemberFactory(role_id="COMPLIANCE")), at=noon()
        )

        with psycopg.connect(bank_database["app"]) as app, pytest.raises(psycopg.Error) as no:
            app.execute(
                "UPDATE accounts_alert SET state = 'CLOSED_FALSE' WHERE id = %s", [alert.pk]
            )
            app.commit()
        assert no.value.sqlstate == "WK111"
        alert.refresh_from_db()
        assert alert.state == "TRIAGE"

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE accounts_alert SET opened_at = now()",
            "DELETE FROM accounts_alert",
            "UPDATE accounts_monitornote SET text = 'x'",
            "UPDATE accounts_monitorrule SET parameters = '{}'",
            "DELETE FROM accounts_monitormark",
        ],
    )
    def test_keeps_what_was_found(self, bank_database, sql):
        refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
        with psycopg.connect(bank_database["app"]) as app, refused:
            app.execute(sql)
