"""Officers answer what is with a person: once, with a reason, within what they may."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.factories import StaffMemberFactory, staff_actor
from accounts.staff import roles
from accounts.staff.models import Permission, Role
from accounts.staff.refusals import NotForYou
from ledger.approvals import operations as approvals
from ledger.approvals.refusals import AlreadyWaiting, MayNotDecide, OwnApproval
from ledger.calendar import queries as calendar
from ledger.money import kes
from lending.credit.models import CreditTerm
from lending.decisions import operations, queries
from lending.decisions.refusals import (
    HardDecline,
    NotOpen,
    OverTerms,
    OwnApplication,
    SecondPersonNeeded,
    WhyDecided,
)
from lending.decisions.tests.steps import (
    WHY,
    decide,
    in_default,
    officer,
    referred,
    reviewed,
    two_above,
)
from lending.factories import ApplicationFactory, BorrowerFactory, take
from lending.stops import operations as stops
from lending.stops.models import StoppedAttempt
from lending.stops.tests.steps import stop

pytestmark = pytest.mark.django_db


def refused(kind, application, **facts):
    """A decision that is refused, and leaves nothing."""
    before = application.decisions.count()
    with pytest.raises(kind) as told:
        decide(application, **facts)
    application.refresh_from_db()
    assert (application.decisions.count(), application.is_referred) == (before, True)
    return told.value


class TestAnOfficer:
    @pytest.mark.proves("RF10", "BW28")
    def test_approves_and_the_customer_takes_it(self, bureau):
        asked, actor = referred(bureau), officer()

        decision = decide(asked, amount="3000", actor=actor)

        asked.refresh_from_db()
        assert asked.is_approved
        assert (decision.number, decision.result, decision.money) == (2, "APPROVED", kes("3000"))
        assert (decision.decided_by, decision.why) == (str(actor), WHY)
        assert decision.overrides == asked.decisions.get(number=1)
        texts = asked.customer.user.messages.filter(kind="loan_answered", channel="SMS")
        assert texts.count() == 1
        assert take(asked).money == kes("3000")

    def test_refuses_with_the_reasons_of_the_rules(self, bureau):
        asked = reviewed(bureau)

        decision = decide(asked, result="REFUSED")

        asked.refresh_from_db()
        assert asked.is_refused
        assert decision.money == kes("0")
        assert decision.reasons == decision.overrides.reasons != []

    def test_approves_what_the_rules_refused_by_its_score(self, bureau):
        asked = reviewed(bureau)

        assert decide(asked).overrides.is_refused

    def test_answers_once(self, bureau):
        asked = referred(bureau)
        decide(asked)

        with pytest.raises(NotOpen):
            decide(asked, result="REFUSED")
        assert asked.decisions.count() == 2


class TestWhatNobodyDecides:
    def test_without_a_reason(self, bureau):
        refused(WhyDecided, referred(bureau), why="He is a good man   ")

    def test_for_more_than_was_asked_or_less_than_is_lent(self, bureau):
        asked = referred(bureau)

        refused(OverTerms, asked, amount="5000.01")
        refused(OverTerms, asked, amount="499.99")

    def test_for_who_does_not_pay_elsewhere(self, bureau):
        told = refused(HardDecline, in_default(bureau))

        assert "the bureau has a loan that is not being paid" in str(told)
        decide(in_default(bureau), result="REFUSED")

    def test_for_who_may_not_bank_now(self, bureau):
        asked = referred(bureau)
        asked.customer.status = "SUSPENDED"
        asked.customer.save()

        refused(HardDecline, asked)

    def test_about_themselves(self, bureau):
        member = StaffMemberFactory(role_id="LOAN_OFFICER", national_id="61234567")
        asked = referred(bureau, customer=BorrowerFactory(national_id="61234567"))

        refused(OwnApplication, asked, actor=staff_actor(member))

    @pytest.mark.parametrize("role", ["TELLER", "RISK", "AUDITOR", "ADMINISTRATOR", "FINANCE"])
    def test_in_another_role(self, bureau, role):
        refused(NotForYou, referred(bureau), actor=officer(role))

    def test_in_another_branch(self, bureau):
        refused(NotForYou, referred(bureau), actor=officer(branch_id="002"))

    def test_beyond_the_amount_of_their_role(self, bureau):
        asked, admins = referred(bureau), [officer("ADMINISTRATOR") for _ in range(2)]
        now = timezone.now()
        limit = roles.ask_permission(
            Role.objects.get(pk="LOAN_OFFICER"),
            permission=Permission.objects.get(pk="loan.decide"),
            is_held=True, amount_up_to=Decimal(4000), start=calendar.nairobi_date(now),
            reason="Authority of officers", actor=admins[0], at=now,
        )  # fmt: skip
        approvals.approve(limit, digest=limit.digest, actor=admins[1], at=now)

        refused(NotForYou, asked)
        assert decide(asked, amount="4000").is_approved

    def test_while_lending_is_stopped(self, bureau):
        asked = referred(bureau)
        stop()

        refused(stops.LendingStopped, asked)
        assert StoppedAttempt.objects.get().what == "OFFER"
        assert decide(asked, result="REFUSED").is_refused


class TestALargeLoan:
    def test_takes_two_persons(self, bureau):
        two_above(3000)
        asked = ApplicationFactory()
        assert [one["code"] for one in asked.decisions.get().reasons] == ["LARGE"]
        refused(SecondPersonNeeded, asked)
        maker, second = officer(), officer("BRANCH_MANAGER")
        who = {"amount": kes("5000"), "why": WHY, "at": timezone.now()}

        request = operations.ask_large(asked, **who, actor=maker)

        refused(AlreadyWaiting, asked, result="REFUSED")
        for wrong, kind in ((maker, OwnApproval), (officer(), MayNotDecide)):
            with pytest.raises(kind):
                self.approve(request, wrong)
        self.approve(request, second)
        asked.refresh_from_db()
        last = queries.last_of(asked)
        assert asked.is_approved
        assert (last.number, last.money, last.why) == (2, kes("5000"), WHY)
        assert last.decided_by == str(second)

    def test_is_not_approved_while_lending_is_stopped(self, bureau):
        two_above(3000)
        asked = ApplicationFactory()
        who = {"amount": kes("5000"), "why": WHY, "at": timezone.now()}
        request = operations.ask_large(asked, **who, actor=officer())
        stop()

        with pytest.raises(stops.LendingStopped):
            self.approve(request, officer("BRANCH_MANAGER"))
        asked.refresh_from_db()
        assert asked.is_referred

    def approve(self, request, actor):
        with stops.noting_stopped():
            approvals.approve(request, digest=request.digest, actor=actor, at=timezone.now())


class TestTheClock:
    def test_gives_a_day_to_an_application_and_two_working_days_to_a_review(self, bureau):
        friday = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
        first = referred(bureau)
        first.asked_at = friday
        bureau.behaviour = ""
        again = reviewed(bureau)
        again.updated_at = friday

        clock = queries.clock_at(friday, since=friday)

        due = clock.due(first, last=queries.last_of(first))
        assert due == datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
        due = clock.due(again, last=queries.last_of(again))
        assert due == datetime(2026, 11, 24, 21, tzinfo=UTC), "the end of Tuesday in Nairobi"

    def test_is_a_term_of_the_bank(self):
        kinds = set(CreditTerm.objects.values_list("kind", flat=True))

        assert kinds == set(CreditTerm.Kind.values)
