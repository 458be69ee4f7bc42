from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from accounts.factories import CustomerFactory, actor_of
from accounts.registry import operations as registry
from accounts.registry import queries
from accounts.registry.models import IdentityCheck, MatchThreshold
from accounts.registry.refusals import (
    FindingWithoutReason,
    NothingToSettle,
    NotOpenAnyMore,
    RecordedDead,
)
from accounts.registry.states import CheckState
from accounts.registry.tests.people import ID, PHONE, check_of, known, stranger
from ledger.controls import outbox
from ledger.controls.models import AuditEntry, OutboxMessage
from wekeza.kit.actor import Actor

pytestmark = pytest.mark.django_db
HANDLERS = {registry.ASKED: [registry.hear]}
OFFICER = Actor("STAFF", "7", person="person:officer")


def later(**span):
    return datetime.now(UTC) + timedelta(seconds=1, **span)


def sweep(at=None):
    return outbox.sweep(handlers=HANDLERS, at=at or later(), most=500)


def event_of(check):
    return OutboxMessage.objects.get(event=registry.ASKED, payload__check=check.pk)


def states_of(customer):
    return {check.kind: check.state for check in queries.checks_of(customer)}


class TestAsk:
    @pytest.mark.proves("AM11")
    def test_is_done_for_everybody_who_opens_an_account(self, register):
        customer = known(register)
        assert states_of(customer) == {ID: CheckState.PENDING, PHONE: CheckState.PENDING}

        sweep()

        assert states_of(customer) == {ID: CheckState.MATCH, PHONE: CheckState.MATCH}
        check = check_of(customer)
        assert check.scores == {"names": 100, "date_of_birth": 100}
        assert check.provider == "IPRS"
        trail = AuditEntry.objects.filter(subject=f"accounts.identitycheck:{check.pk}")
        deeds = trail.order_by("id").values_list("deed", flat=True)
        assert list(deeds) == ["identity.check_asked", "identity.checked"]

    def test_stays_one_question_however_often_it_is_asked(self, register):
        customer = known(register)
        with transaction.atomic():
            again = registry.ask(customer, kind=ID, at=later(), actor=actor_of(customer))

        assert again == IdentityCheck.objects.get(customer=customer, kind=ID)

    def test_gives_up_an_open_question_about_other_facts(self, register):
        customer = known(register)
        first = check_of(customer)
        customer.full_name = "Amina Wambui"
        with transaction.atomic():
            second = registry.ask(customer, kind=ID, at=later(), actor=actor_of(customer))

        first.refresh_from_db()
        assert (first.state, second.state) == (CheckState.SUPERSEDED, CheckState.PENDING)


class TestHear:
    @pytest.mark.parametrize(
        ("facts", "state", "differing"),
        [
            ({"told": "Njeri Amina"}, CheckState.MATCH, []),
            ({"other_name": "WANJIKU"}, CheckState.PARTIAL, ["Wambui"]),
            ({"date_of_birth": "1994-03-28"}, CheckState.PARTIAL, []),
            (
                {"other_name": "WANJIKU", "date_of_birth": "1990-01-01"},
                CheckState.MISMATCH,
                ["Wambui"],
            ),
            (
                {"first_name": "DAVID", "other_name": "KIPROP", "surname": "KORIR"},
                CheckState.MISMATCH,
                ["Amina", "Wambui", "Njeri"],
            ),
        ],
    )
    def test_weighs_what_the_register_says(self, register, facts, state, differing):
        customer = known(register, **facts)

        sweep()

        check = check_of(customer)
        assert (check.state, check.differing) == (state, differing)

    @pytest.mark.parametrize(
        ("owner", "state"),
        [
            ("Amina Wambui Njeri", CheckState.MATCH),
            ("Amina Wambui Njerii", CheckState.MATCH),
            ("Amina Wambui Chebet", CheckState.PARTIAL),
            ("Xu Qi", CheckState.MISMATCH),
        ],
    )
    def test_weighs_what_the_network_says(self, register, owner, state):
        customer = known(register, owner=owner)

        sweep()

        check = check_of(customer, PHONE)
        assert check.state == state
        assert bool(check.differing) == (state != CheckState.MATCH)

    def test_never_matches_the_dead(self, register):
        customer = known(register, date_of_death="2019-02-11")

        sweep()

        check = check_of(customer)
        assert (check.state, check.is_deceased) == (CheckState.MISMATCH, True)
        assert check.scores == {"names": 100, "date_of_birth": 100}

    def test_keeps_that_nobody_is_on_record(self, register):
        customer = stranger()

        sweep()

        assert states_of(customer) == {ID: CheckState.NOT_FOUND, PHONE: CheckState.NOT_FOUND}

    def test_seals_what_came_back_and_hashes_what_was_asked(self, register):
        customer = known(register, surname="CANARYNAME", told="Amina Wambui")
        sweep()
        check = check_of(customer)

        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM accounts_identitycheck WHERE id = %s", [check.pk])
            stored = str(cursor.fetchone())

        assert "CANARYNAME" in check.raw
        for plain in ("CANARYNAME", customer.national_id, customer.user.phone, "1994"):
            assert plain not in stored


class TestNoAnswer:
    def test_is_no_yes_and_no_no_and_is_asked_for_later_and_later(self, register):
        customer = known(register, behaviour="down")
        now = later()
        sweep(now)

        check, event = check_of(customer), event_of(check_of(customer))
        assert check.state == CheckState.UNKNOWN
        assert not check.is_confirmed
        assert not check.needs_officer
        assert (event.state, event.due_at) == ("PENDING", now + timedelta(seconds=5))
        sweep(now + timedelta(seconds=6))
        event.refresh_from_db()
        assert event.due_at == now + timedelta(seconds=21)

        register.people[-1]["behaviour"] = ""
        sweep(now + timedelta(seconds=30))

        assert check_of(customer).state == CheckState.MATCH

    def test_waits_while_no_provider_is_set_up(self, settings):
        settings.IPRS_URL = settings.PHONE_OWNER_URL = ""
        customer = CustomerFactory()
        sweep()

        event = event_of(check_of(customer))
        assert (event.attempts, event.error) == (0, "NotYet")
        assert check_of(customer).state == CheckState.PENDING

    def test_is_asked_for_again_after_a_day(self, register):
        customer = known(register, behaviour="down")
        now = later()
        sweep(now)
        check = check_of(customer)
        OutboxMessage.objects.filter(pk=event_of(check).pk).update(state="STUCK")
        register.people[-1]["behaviour"] = ""

        assert registry.ask_unanswered(at=now + timedelta(hours=23)) == 0
        assert registry.ask_unanswered(at=now + timedelta(hours=24, seconds=1)) >= 1
        sweep(now + timedelta(hours=25))

        assert check_of(customer).state == CheckState.MATCH
        with pytest.raises(NotOpenAnyMore):
            registry.ask_again(check_of(customer), at=later(), actor=OFFICER)

    def test_about_facts_that_changed_meanwhile_is_asked_anew(self, register):
        customer = known(register)
        customer.full_name = "David Kiprop"
        customer.save()

        sweep()
        sweep(later(minutes=1))

        states = IdentityCheck.objects.filter(customer=customer, kind=ID).order_by("id")
        assert [check.state for check in states] == [CheckState.SUPERSEDED, CheckState.MISMATCH]

    def test_comes_too_late_after_another_answer(self, register):
        customer = known(register)
        sweep()
        asked = len(register.asked)

        registry.hear(check=check_of(customer).pk, at=later())

        assert len(register.asked) == asked


class TestSettle:
    @pytest.fixture
    def doubt(self, register):
        customer = known(register, first_name="DAVID", other_name="KIPROP", surname="KORIR")
        sweep()
        return check_of(customer)

    def facts(self, **more):
        words = {"finding": "GENUINE", "reason": "Saw the ID card; married name."}
        return words | {"at": later(), "actor": OFFICER} | more

    def test_takes_a_doubt_out_of_the_queue(self, doubt):
        assert doubt in queries.queue()

        registry.settle(doubt, **self.facts())

        assert doubt not in queries.queue()
        assert queries.is_confirmed(doubt.customer, ID)
        assert queries.newest(doubt.customer, ID).settled_by == "STAFF:7"

    def test_keeps_a_doubt_that_stands_unconfirmed(self, doubt):
        registry.settle(doubt, **self.facts(finding="DOUBTFUL"))

        assert not queries.is_confirmed(doubt.customer, ID)

    def test_asks_why(self, doubt):
        with pytest.raises(FindingWithoutReason):
            registry.settle(doubt, **self.facts(reason="  "))
        assert doubt in queries.queue()

    def test_overrules_no_record_of_a_death(self, register):
        customer = known(register, date_of_death="2019-02-11")
        sweep()
        dead = check_of(customer)

        with pytest.raises(RecordedDead):
            registry.settle(dead, **self.facts())
        assert not queries.is_confirmed(customer, ID)

        registry.settle(dead, **self.facts(finding="DOUBTFUL"))
        assert dead not in queries.queue()

    def test_is_done_once(self, doubt):
        registry.settle(doubt, **self.facts())

        with pytest.raises(NothingToSettle):
            registry.settle(doubt, **self.facts())

    def test_has_nothing_to_do_with_what_matches_or_is_unknown(self, register):
        customer = known(register)
        with pytest.raises(NothingToSettle):
            registry.settle(check_of(customer), **self.facts())
        sweep()
        with pytest.raises(NothingToSettle):
            registry.settle(check_of(customer), **self.facts())


class TestThresholds:
    def test_are_rows_that_the_application_only_reads(self):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            MatchThreshold.objects.update(least_percent=1)

    def test_missing_match_nobody(self):
        with pytest.raises(queries.NoThreshold):
            queries.limits_on(datetime(2024, 1, 1, tzinfo=UTC).date())
