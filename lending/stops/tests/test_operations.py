"""One officer stops lending at once, two persons lift it, and every blocked attempt is kept."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from accounts.factories import CustomerFactory, actor_of
from accounts.staff.refusals import NotForYou
from ledger.approvals import operations as approvals
from ledger.approvals.operations import AlreadyWaiting, MayNotAsk, MayNotDecide, OwnApproval
from ledger.controls.models import AuditEntry
from ledger.money import kes
from lending.products.models import LoanProduct, Segment
from lending.stops import operations as stops
from lending.stops import queries
from lending.stops.models import LendingStop, Scope, StoppedAttempt
from lending.stops.operations import LendingStopped, StopLifted, WhyStop
from lending.stops.tests.steps import WHY, lend, lent, lift, now, officer, product, stop
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


def is_lent(wanted) -> bool:
    try:
        lend(wanted)
    except LendingStopped:
        return False
    return True


class TestStopping:
    def test_takes_one_officer_and_blocks_every_product_at_once(self):
        assert all(is_lent(one) for one in LoanProduct.objects.all())
        before, actor = lent(), officer()

        row = stop(actor=actor)

        assert row.is_open and row.stopped_by == str(actor)
        for one in LoanProduct.objects.all():
            for what in StoppedAttempt.What:
                with pytest.raises(LendingStopped):
                    lend(one, what=what)
        assert lent() == before
        [told] = AuditEntry.objects.filter(deed="lending.stopped")
        assert told.actor == str(actor)
        assert told.detail == {"what": "All lending", "why": WHY}

    def test_may_be_of_one_product_or_of_a_kind_of_customer(self):
        personal, working = product("PERS"), product("SMEW")

        of_personal = stop(Scope.PRODUCT, product=personal)
        assert not is_lent(personal) and is_lent(working)
        of_firms = stop(Scope.SEGMENT, segment=Segment.BUSINESS)
        assert not is_lent(working)
        retail = LoanProduct.objects.filter(segment=Segment.RETAIL).exclude(pk=personal.pk)
        assert all(is_lent(one) for one in retail)

        assert queries.stop_on(personal) == of_personal
        assert queries.stop_on(working) == of_firms
        assert (of_personal.name, of_firms.name) == (personal.name, "Loans for businesses")
        everything = stop()
        assert queries.stop_on(personal) == everything, "the widest is told"

    def test_again_gives_the_stop_that_is_in_force(self):
        first = stop()

        again = stop(reason="It is still broken, I say")

        assert again == first and again.reason == WHY
        assert AuditEntry.objects.filter(deed="lending.stopped").count() == 1
        assert stop(Scope.PRODUCT, product=product()) != first

    @pytest.mark.parametrize("reason", ["", "   ", "error", " a           "])
    def test_says_why(self, reason):
        with pytest.raises(WhyStop):
            stop(reason=reason)

        assert not LendingStop.objects.exists()

    @pytest.mark.parametrize(
        ("role", "may"),
        [
            ("RISK", True),
            ("OPERATIONS", True),
            ("FINANCE", False),
            ("AUDITOR", False),
            ("COMPLIANCE", False),
            ("BRANCH_MANAGER", False),
            ("LOAN_OFFICER", False),
            ("ADMINISTRATOR", False),
        ],
    )
    def test_is_for_officers_who_may(self, role, may):
        actor = officer(role)
        if may:
            stop(actor=actor)
        else:
            with pytest.raises(NotForYou):
                stop(actor=actor)

        assert LendingStop.objects.exists() == may

    def test_is_not_for_customers(self):
        with pytest.raises(NotForYou):
            stop(actor=actor_of(CustomerFactory()))


class TestLifting:
    def test_takes_two_and_lets_lending_go_on(self):
        row, maker, checker = stop(), officer("OPERATIONS"), officer("RISK")
        assert not is_lent(product())

        asked = stops.ask_lift(row, reason="The server is mended", actor=maker, at=now())
        assert not is_lent(product()), "asking alone lifts nothing"
        assert asked.impact == "Loans that this stop has blocked so far: 1"
        approvals.approve(asked, digest=asked.digest, actor=checker, at=now())

        assert is_lent(product())
        row.refresh_from_db()
        assert (row.lifted_by, row.approval) == (str(checker), asked)
        [told] = AuditEntry.objects.filter(deed="lending.stop_lifted")
        assert (told.actor, told.detail["asked_by"]) == (str(checker), str(maker))
        assert told.detail["why"] == "The server is mended"

    def test_takes_another_person_than_who_asked(self):
        row, risk = stop(), officer()
        asked = stops.ask_lift(row, reason="Mended", actor=risk, at=now())

        with pytest.raises(OwnApproval):
            approvals.approve(asked, digest=asked.digest, actor=risk, at=now())

        assert not is_lent(product())

    def test_is_asked_and_decided_by_those_who_may(self):
        row = stop()
        with pytest.raises(MayNotAsk):
            stops.ask_lift(row, reason="Mended", actor=officer("FINANCE"), at=now())
        asked = stops.ask_lift(row, reason="Mended", actor=officer("OPERATIONS"), at=now())
        with pytest.raises(AlreadyWaiting):
            stops.ask_lift(row, reason="Mended", actor=officer(), at=now())

        with pytest.raises(MayNotDecide):
            approvals.approve(asked, digest=asked.digest, actor=officer("OPERATIONS"), at=now())

    def test_happens_once_and_leaves_other_stops(self):
        of_all, of_one = stop(), stop(Scope.PRODUCT, product=product())
        lift(of_all)

        assert not is_lent(product("PERS")) and is_lent(product("SMEW"))
        with pytest.raises(StopLifted):
            stops.ask_lift(of_all, reason="Again", actor=officer(), at=now())
        lift(of_one)
        assert is_lent(product("PERS"))
        assert stop().pk not in (of_all.pk, of_one.pk), "what was lifted stays lifted"


class TestABlockedAttempt:
    def test_is_kept_although_the_deed_was_undone(self):
        row, customer = stop(), CustomerFactory()
        before, actor = lent(), actor_of(customer)

        with pytest.raises(LendingStopped) as refused:
            lend(product(), customer=customer, amount="7500", actor=actor)

        assert lent() == before
        [kept] = queries.attempts_of(row)
        assert (kept.what, kept.customer, kept.product) == ("DISBURSEMENT", customer, product())
        assert (kept.money, kept.actor) == (kes("7500"), str(actor))
        assert refused.value.status == 503
        assert refused.value.envelope()["details"] == {"scope": "ALL"}
        assert [one["amount"] for one in queries.held_on(customer)] == [kes("7500")]

    def test_is_kept_once_where_a_door_notes_as_well(self):
        row = stop()

        with pytest.raises(LendingStopped), stops.noting_stopped():
            lend(product())

        assert queries.attempts_of(row).count() == 1

    def test_is_told_to_the_customer_without_why(self):
        stop(Scope.PRODUCT, product=product("PERS"))
        with pytest.raises(LendingStopped) as of_one:
            lend(product("PERS"))
        stop()
        with pytest.raises(LendingStopped) as of_all:
            lend(product("PERS"))

        assert str(of_all.value) == (
            "We are not giving new loans right now. Nothing was taken. You can still repay. "
            "Try again later."
        )
        assert str(of_one.value).startswith("We are not giving this loan right now.")
        with translation.override("sw"):
            assert "bado unaweza kulipa" in str(of_all.value).lower()
            assert str(of_one.value) != str(of_all.value)

    def test_cannot_be_lost_because_nobody_noted(self):
        with pytest.raises(RuntimeError, match="noting_stopped"), transaction.atomic():
            stops.check(product(), what="OFFER", customer=None, amount=None, at=now(), actor=SYSTEM)

    def test_is_not_noted_inside_the_deed_that_is_undone(self):
        with pytest.raises(RuntimeError), transaction.atomic(), stops.noting_stopped():
            raise AssertionError("never comes here")


def attacked(sql, *values) -> str:
    """This will run SQL as the application does and give the code of its refusal."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        return error.__cause__.sqlstate
    return "let in"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_bank")
class TestTheDatabase:
    DENIED, NO_TWO, STAYS = "42501", "WK111", "WK112"

    def test_lifts_nothing_without_two(self):
        row = stop()
        asked = stops.ask_lift(row, reason="Mended", actor=officer(), at=now())

        lifted = (
            "UPDATE lending_lendingstop SET lifted_at = now(), lifted_by = 'STAFF:1', "
            "approval_id = %s WHERE id = %s"
        )
        assert attacked(lifted, asked.pk, row.pk) == self.NO_TWO
        assert attacked("DELETE FROM lending_lendingstop") == self.DENIED
        assert attacked("UPDATE lending_lendingstop SET scope = 'SEGMENT'") == self.DENIED
        assert attacked("UPDATE lending_lendingstop SET stopped_at = now()") == self.DENIED
        assert queries.stop_on(product()) == row

        approvals.approve(asked, digest=asked.digest, actor=officer(), at=now())
        opened = "UPDATE lending_lendingstop SET lifted_at = NULL, lifted_by = '', approval_id = "
        assert attacked(f"{opened} NULL") == self.STAYS

    def test_lets_no_stop_be_born_lifted(self):
        row = stop()
        asked = lift(row)
        facts = [uuid4(), "ALL", WHY, "STAFF:1", "STAFF:2", asked.pk]

        born = (
            "INSERT INTO lending_lendingstop (public_id, scope, segment, reason, stopped_by, "
            "stopped_at, lifted_by, lifted_at, approval_id, updated_at) "
            "VALUES (%s, %s, '', %s, %s, now(), %s, now(), %s, now())"
        )
        assert attacked(born, *facts) == self.NO_TWO

    def test_keeps_attempts_as_they_were(self):
        stop()
        with pytest.raises(LendingStopped):
            lend(product())

        assert attacked("UPDATE lending_stoppedattempt SET what = 'OFFER'") == self.DENIED
        assert attacked("DELETE FROM lending_stoppedattempt") == self.DENIED
