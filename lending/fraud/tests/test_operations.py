"""Cases of fraud: what flagged applications become, who decides, and who never hears."""

import json
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access.models import DeviceSession, KnownDevice
from accounts.factories import actor_of
from accounts.staff.refusals import NotForYou
from ledger.approvals import operations as approvals
from ledger.calendar import queries as calendar
from ledger.controls.models import AuditEntry
from ledger.money import kes
from lending.decisions import operations as decisions
from lending.decisions import queries as decision_queries
from lending.decisions import words as decision_words
from lending.decisions.refusals import UnderInvestigation
from lending.factories import ApplicationFactory, account_of
from lending.fraud import operations as fraud
from lending.fraud import words
from lending.fraud.models import WITHOUT_DATA, FraudCase, FraudFlag, FraudMark, Rule
from lending.fraud.refusals import (
    AboutYourself,
    AlreadyMarked,
    BadMark,
    CaseDecided,
    CaseNotTaken,
    MarkOver,
    NoteMissing,
)
from lending.fraud.tests.steps import (
    blocked,
    case_about,
    flagged,
    found,
    marked,
    officer,
    settled,
    take_off,
)
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.errors import Refusal
from wekeza.kit.states import IllegalMove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bureau")]

WHY = "Their papers were seen at the counter"


def who(role="RISK"):
    return {"actor": officer(role), "at": timezone.now()}


def taken(application):
    case, me = case_about(application), who()
    return fraud.take(case, **me), me


class TestAFlaggedApplication:
    @pytest.mark.proves("RF09", "RF11", "RF13", "RF19")
    def test_is_scored_and_with_a_person(self):
        application = flagged()

        decision, case = application.decisions.get(), case_about(application)
        assert application.is_referred
        assert decision.score is not None
        assert decision.reasons == [{"code": "LOOKED_AT", "facts": {}}]
        assert decision.inputs["fraud"] == {"score": 40, "flags": ["DUPLICATE"]}
        assert (case.state, case.escalated_at) == ("OPEN", None)

    def test_that_is_refused_by_its_score_stays_refused(self, bureau):
        customer = settled(days=400)
        customer.identity_checks.filter(kind="PHONE").update(state="MISMATCH")

        application = ApplicationFactory(customer=customer)

        assert application.is_refused
        assert application.decisions.get().reasons[0]["code"] != "LOOKED_AT"
        assert case_about(application).is_open

    def test_is_refused_at_once_from_70_on_without_a_score(self, bureau):
        application = blocked()

        decision, case = application.decisions.get(), case_about(application)
        assert application.is_refused
        assert (decision.score, decision.money, decision.points) == (None, kes("0"), [])
        assert decision.reasons == [{"code": "DETAILS", "facts": {}}]
        assert not bureau.asked
        assert (case.escalated_by, case.escalated_at) == ("TASK:system", case.opened_at)

    def test_cannot_be_approved_before_risk_has_cleared_it(self):
        application = flagged()
        yes = {"result": "APPROVED", "amount": kes("5000"), "why": WHY}
        case, me = taken(application)

        with pytest.raises(UnderInvestigation):
            decisions.override(application, **yes, **who("LOAN_OFFICER"))
        fraud.clear(case, text="Their sister's line; she came along", **me)

        decisions.override(application, **yes, **who("LOAN_OFFICER"))
        application.refresh_from_db()
        assert application.is_approved

    def test_that_was_fraud_is_never_approved(self):
        application = flagged()
        case, me = taken(application)
        fraud.confirm(case, text="Stolen ID", marks=[], **me)

        with pytest.raises(UnderInvestigation):
            decisions.override(
                application, result="APPROVED", amount=kes("5000"), why=WHY, **who("LOAN_OFFICER")
            )
        decisions.override(
            application, result="REFUSED", amount=kes("0"), why=WHY, **who("LOAN_OFFICER")
        )

        application.refresh_from_db()
        assert application.is_refused


class TestNoTippingOff:
    @pytest.mark.parametrize(
        ("make", "says"),
        [
            (flagged, ["A person looks at it."]),
            (blocked, ["We are checking your details."]),
        ],
    )
    def test_the_customer_reads_neutral_words_everywhere(self, client, make, says):
        application = make()
        decision, user = application.decisions.get(), application.customer.user
        client.force_login(user)

        copy = json.dumps(decision_queries.held_on(application.customer), default=str)
        page = client.get(reverse("lending:decisions:answer", args=[application.public_id]))
        shown = page.content.decode()

        assert [said.text for said in decision_words.reasons_of(decision)] == says
        assert page.status_code == 200 and says[0] in shown
        for told in (copy, shown):
            for word in ("fraud", "Fraud", *Rule.values):
                assert word not in told


class TestACase:
    def test_is_taken_by_one(self):
        case, first = case_about(flagged()), who()

        row = fraud.take(case, **first)
        fraud.take(case, **first)

        assert (row.state, row.taken_by) == ("TAKEN", str(first["actor"]))
        with pytest.raises(IllegalMove):
            fraud.take(case, **who())

    @pytest.mark.proves("RF19")
    def test_is_escalated_once_with_a_note(self):
        case, me = case_about(flagged()), who()
        with pytest.raises(NoteMissing):
            fraud.escalate(case, text=" ", **me)

        row = fraud.escalate(case, text="Three phones, one face", **me)
        again = fraud.escalate(case, text="And a fourth", **who())

        assert again.escalated_at == row.escalated_at == me["at"]
        assert again.escalated_by == str(me["actor"])
        assert again.notes.count() == 2
        subject = f"lending.fraudcase:{case.pk}"
        deeds = Counter(AuditEntry.objects.filter(subject=subject).values_list("deed", flat=True))
        assert deeds == {"fraud.opened": 1, "fraud.noted": 2, "fraud.escalated": 1}

    def test_is_decided_once_by_somebody_who_took_it(self):
        case = case_about(flagged())
        with pytest.raises(CaseNotTaken):
            fraud.clear(case, text="Looks well", **who())
        me = who()
        fraud.take(case, **me)
        with pytest.raises(NoteMissing):
            fraud.clear(case, text="", **me)

        fraud.clear(case, text="Looks well", **me)

        for late in (
            lambda: fraud.confirm(case, text="No", marks=[], **me),
            lambda: fraud.escalate(case, text="No", **me),
        ):
            with pytest.raises(CaseDecided):
                late()

    @pytest.mark.proves("RF18")
    def test_that_was_fraud_marks_what_the_officer_says_and_the_next_is_blocked(self):
        application = flagged()
        case, me = taken(application)

        fraud.confirm(case, text="Stolen ID", marks=["ID", "PHONE", "DEVICE"], **me)

        assert set(case.marks.values_list("kind", flat=True)) == {"ID", "PHONE"}  # No device known.
        decisions.override(
            application, result="REFUSED", amount=kes("0"), why=WHY, **who("LOAN_OFFICER")
        )
        again = ApplicationFactory(customer=application.customer)
        assert found(again)[1] == "BLOCK"
        assert found(again)[2]["KNOWN_FRAUD"] == 100

    def test_is_closed_to_whom_it_is_about_and_to_those_without_the_right(self):
        application = flagged()
        case, now = case_about(application), timezone.now()
        own = officer()
        own = Actor(own.kind, own.ref, person=actor_of(application.customer).person)
        for deed in (
            lambda actor: fraud.keep_seen(case, actor=actor, at=now),
            lambda actor: fraud.take(case, actor=actor, at=now),
            lambda actor: fraud.check(application, actor=actor, at=now),
        ):
            with pytest.raises(AboutYourself):
                deed(own)
            with pytest.raises(NotForYou):
                deed(officer("LOAN_OFFICER"))
        with pytest.raises(NotForYou):
            fraud.take(case, actor=officer("AUDITOR"), at=now)
        fraud.keep_seen(case, actor=officer("AUDITOR"), at=now)


class TestMarks:
    def test_are_hashes_added_once_and_ended_with_a_trail(self):
        customer, me = settled(), who()
        typed = {
            "ID": customer.national_id,
            "PHONE": customer.user.phone,
            "ACCOUNT": account_of(customer).number,
        }
        rows = [
            fraud.add_mark(kind=kind, text=text, why="Police report 7", until=None, **me)
            for kind, text in typed.items()
        ]

        assert not {row.mark_index for row in rows} & set(typed.values())
        assert {row.added_by for row in rows} == {str(me["actor"])}
        with pytest.raises(AlreadyMarked):
            fraud.add_mark(kind="ID", text=typed["ID"], why="Again", until=None, **me)
        assert found(ApplicationFactory(customer=customer))[1] == "BLOCK"
        for row in rows:
            take_off(row)
        assert not FraudMark.objects.filter(ended_at=None).exists()
        fraud.add_mark(kind="ID", text=typed["ID"], why="Again", until=None, **me)
        ended = AuditEntry.objects.filter(deed="fraud.mark_ended")
        assert ended.count() == 3

    def test_are_taken_off_by_two_and_by_nobody_whom_they_name(self):
        mark, me, now = marked(settled(), "ID"), officer(), timezone.now()
        customer = settled()
        own, themselves = marked(customer, "ID"), actor_of(customer).person
        myself = Actor(me.kind, me.ref, person=themselves)
        with pytest.raises(AboutYourself):
            fraud.ask_end(own, reason="It is me", actor=myself, at=now)

        request = fraud.ask_end(mark, reason="Not the same person", actor=me, at=now)
        with pytest.raises(Refusal):
            approvals.approve(request, digest=request.digest, actor=me, at=now)
        mark.refresh_from_db()
        assert mark.stands
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            FraudMark.objects.filter(pk=mark.pk).update(ended_by=str(me), ended_at=now)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # By hand it takes two as well.

    def test_whose_days_are_over_make_room_for_another(self):
        customer, today = settled(), calendar.business_date()
        old = marked(customer, "ID", until=today - timedelta(days=3))
        facts = {"kind": "ID", "text": customer.national_id, "why": "Again", **who()}
        with pytest.raises(MarkOver):
            fraud.add_mark(until=today - timedelta(days=1), **facts)

        new = fraud.add_mark(until=today, **facts)

        old.refresh_from_db()
        assert (old.ended_by, new.stands) == (str(SYSTEM), True)

    @pytest.mark.parametrize(
        ("kind", "text"), [("ID", "none"), ("PHONE", "12"), ("ACCOUNT", "0012000000010")]
    )
    def test_are_of_what_exists(self, kind, text):
        with pytest.raises(BadMark):
            fraud.add_mark(kind=kind, text=text, why="Known", until=None, **who())

    def test_are_for_those_who_decide(self):
        with pytest.raises(NotForYou):
            fraud.add_mark(kind="ID", text="12345678", why="Known", until=None, **who("AUDITOR"))


class TestWhatTheRulesFound:
    def test_stays_as_it_was_written(self):
        flagged()
        for sql in (
            "UPDATE lending_fraudflag SET weight = 1",
            "DELETE FROM lending_fraudflag",
            "UPDATE lending_fraudassessment SET score = 0",
            "DELETE FROM lending_fraudcase",
            "UPDATE lending_fraudcase SET assessment_id = 1",
            "UPDATE lending_fraudnote SET text = 'x'",
            "UPDATE lending_fraudmark SET mark_index = 'x'",
        ):
            with (
                pytest.raises(DatabaseError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(sql)

    def test_is_said_in_words_for_staff(self):
        application = flagged()

        [flag] = application.fraud_assessment.flags.all()

        assert words.found(flag) == (
            "Applications for the same loan in 24 hours before this one: 1."
        )

    def test_every_rule_has_words(self):
        assert set(words._FOUND) == set(Rule) - set(WITHOUT_DATA)


class TestTheDevice:
    def test_of_a_browser_is_kept_with_the_application(self, client):
        customer, now = settled(), timezone.now()
        known = KnownDevice.objects.create(
            user=customer.user, cookie_index="c" * 64, first_seen_at=now, last_seen_at=now
        )
        client.force_login(customer.user)
        DeviceSession.objects.filter(user=customer.user).update(known_device=known)
        page = client.get("/borrow/apply/")
        assert page.status_code == 200

        client.post(
            "/borrow/apply/",
            {"reference": uuid4(), "amount": "5000", "employment": "CASUAL", "consent": "on"},
        )

        assert customer.loan_applications.get().device_index == "c" * 64


def test_no_flags_without_an_assessment():
    ApplicationFactory(customer=settled())
    assert not FraudFlag.objects.exists()
    assert not FraudCase.objects.exists()
