"""A case from suspicion to report, and what takes two persons: verdicts and rules."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.factories import AlertFactory, StaffMemberFactory, staff_actor
from accounts.monitoring import cases, closing, publishing, queries
from accounts.monitoring import operations as monitoring
from accounts.monitoring.models import Alert, MonitorCase, MonitorRule
from accounts.monitoring.refusals import (
    AboutYourself,
    BadParameters,
    NothingNew,
    NotTaken,
    NotYours,
    NoVerdict,
    ReportMissing,
    RuleTooEarly,
    SuspicionMissing,
    SuspicionOutOfTime,
    VersionTaken,
)
from accounts.monitoring.tests.payments import deposit, look_at, noon, open_account, structure
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.controls.models import AuditEntry
from ledger.tests.racing import at_once, refused
from wekeza.kit.actor import SYSTEM
from wekeza.kit.states import IllegalMove


def member(role="COMPLIANCE", **facts):
    return staff_actor(StaffMemberFactory(role_id=role, **facts))


@pytest.fixture
def mlro(db):
    return member()


@pytest.fixture
def alert(officer):
    return monitoring.take(AlertFactory(at=noon(-1)), actor=officer, at=noon())


@pytest.fixture
def case(alert, officer):
    return monitoring.open_case(alert, text="No source of funds", actor=officer, at=noon())


def with_mlro(case, officer, *, suspected=True):
    if suspected:
        case = cases.form_suspicion(
            case, formed_at=noon(hours=-3), text="No receipts", actor=officer, at=noon()
        )
    return cases.hand_over(case, text="See the deposits", actor=officer, at=noon())


def approve(asked, checker):
    return approvals.approve(asked, digest=asked.digest, actor=checker, at=noon(hours=1))


@pytest.mark.django_db
class TestClosingAnAlertAsFalse:
    def ask(self, alert, officer):
        return closing.ask_false(alert, reason="Sold a car, seen", actor=officer, at=noon())

    def test_takes_two_persons(self, alert, officer, mlro):
        asked = self.ask(alert, officer)
        with pytest.raises(approvals.OwnApproval):
            approve(asked, officer)
        alert.refresh_from_db()
        assert alert.state == "TRIAGE"

        approve(asked, mlro)

        alert.refresh_from_db()
        assert (alert.state, alert.approval_id) == ("CLOSED_FALSE", asked.pk)
        assert queries.precision(actor=SYSTEM) == {"STRUCTURING": (1, 1)}
        with pytest.raises(NotTaken):
            self.ask(alert, officer)

    def test_names_no_customer_in_the_inbox(self, alert, officer):
        asked = self.ask(alert, officer)

        said = f"{asked.impact} {asked.changes} {asked.payload} {asked.subject}"
        assert alert.customer.full_name not in said and "Structuring" in asked.impact

    def test_is_refused_when_it_went_into_a_case_meanwhile(self, alert, officer, mlro):
        asked = self.ask(alert, officer)
        monitoring.open_case(alert, text="More came", actor=officer, at=noon())

        with pytest.raises(NotTaken):
            approve(asked, mlro)
        assert Approval.objects.get(pk=asked.pk).is_waiting

    def test_is_decided_by_those_who_may(self, alert, officer):
        asked = self.ask(alert, officer)

        for role in ("RISK", "BRANCH_MANAGER", "AUDITOR"):
            with pytest.raises(approvals.MayNotDecide):
                approve(asked, member(role))

    def test_is_not_decided_by_whom_it_is_about(self, alert, officer):
        customer = alert.customer
        same = StaffMemberFactory(role_id="COMPLIANCE", national_id=customer.national_id)

        with pytest.raises(AboutYourself):
            approve(self.ask(alert, officer), staff_actor(same))


@pytest.mark.django_db
class TestACase:
    @pytest.mark.proves("AM17")
    def test_goes_from_suspicion_to_report_and_is_watched_for_ninety_days(
        self, case, officer, mlro
    ):
        case = with_mlro(case, officer)
        assert case.report_due_at == noon(hours=45), "two days after the suspicion"
        asked = closing.ask_verdict(
            case, to="STR_FILED", report_no="STR-2026-17", reason="Structured", actor=officer,
            at=noon(),
        )  # fmt: skip

        approve(asked, mlro)
        case.refresh_from_db()
        assert (case.state, case.report_no) == ("STR_FILED", "STR-2026-17")
        watched = cases.watch_on(case, text="Cash at any branch", actor=officer, at=noon(2))

        assert (watched.state, watched.watched_until) == ("POST_MONITORING", noon(92))
        deeds = AuditEntry.objects.filter(subject=f"accounts.monitorcase:{case.pk}")
        assert [line.deed for line in deeds.order_by("pk") if "noted" not in line.deed] == [
            "case.opened", "case.suspected", "case.handed_over", "case.reported", "case.watched",
        ]  # fmt: skip
        assert case.notes.count() == 4

    def test_is_closed_without_a_report_by_two(self, case, officer, mlro):
        case = with_mlro(case, officer, suspected=False)
        facts = {"to": "CLOSED_NO_STR", "report_no": "ignored", "reason": "A chama's savings"}

        approve(closing.ask_verdict(case, **facts, actor=officer, at=noon()), mlro)

        case.refresh_from_db()
        assert (case.state, case.report_no) == ("CLOSED_NO_STR", "")

    def test_hides_no_payment_that_comes_after_its_verdict(self, case, officer, mlro):
        facts = {"to": "CLOSED_NO_STR", "report_no": "", "reason": "A chama's savings"}
        case = with_mlro(case, officer, suspected=False)
        about = Alert.objects.filter(customer=case.customer)
        paid_to = about.get().entries.first().account_id
        account = case.customer.deposit_accounts.get(ledger_account_id=paid_to)
        look_at(deposit(account, at=noon(hours=1)), at=noon(hours=1))
        assert about.count() == 1, "while somebody looks into it, it joins"

        approve(closing.ask_verdict(case, **facts, actor=officer, at=noon()), mlro)
        look_at(deposit(account, at=noon(hours=3)), at=noon(hours=3))

        assert about.filter(state="OPEN").count() == 1
        assert about.get(state="OPEN").window_start == noon(hours=3)

    def test_is_sent_back_by_the_reporting_officer_alone(self, case, officer, mlro):
        case = with_mlro(case, officer)

        with pytest.raises(NotYours):
            cases.send_back(case, text="Ask", actor=member("RISK"), at=noon())
        case = cases.send_back(case, text="Ask for receipts", actor=mlro, at=noon())

        assert case.state == "INVESTIGATION"

    def test_refuses_a_report_too_early(self, case, officer):
        facts = {"reason": "Why", "actor": officer, "at": noon()}
        filed = {"to": "STR_FILED", "report_no": "STR-1"}
        with pytest.raises(IllegalMove):
            closing.ask_verdict(case, **filed, **facts)
        case = with_mlro(case, officer, suspected=False)
        with pytest.raises(SuspicionMissing):
            closing.ask_verdict(case, **filed, **facts)
        case = cases.form_suspicion(
            case, formed_at=noon(), text="Receipts", actor=officer, at=noon()
        )
        with pytest.raises(ReportMissing):
            closing.ask_verdict(case, to="STR_FILED", report_no=" ", **facts)
        with pytest.raises(NoVerdict):
            closing.ask_verdict(case, to="POST_MONITORING", report_no="", **facts)
        assert not Approval.objects.filter(deed="monitor.close").exists()

    def test_keeps_the_moment_of_suspicion(self, case, officer):
        form = {"text": "No receipts", "actor": officer, "at": noon()}
        for wrong in (noon(hours=1), noon(-6)):
            with pytest.raises(SuspicionOutOfTime):
                cases.form_suspicion(case, formed_at=wrong, **form)
        cases.form_suspicion(case, formed_at=noon(-1), **form)

        with pytest.raises(IllegalMove):
            cases.form_suspicion(case, formed_at=noon(), **form)
        case.refresh_from_db()
        assert case.suspicion_formed_at == noon(-1)

    def test_is_never_closed_past_the_two(self, case, officer):
        with pytest.raises(DatabaseError, match="takes two persons"), transaction.atomic():
            MonitorCase.objects.filter(pk=case.pk).update(state="POST_MONITORING")
            with transaction.get_connection().cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
class TestPublishingARule:
    def rule(self, code="STRUCTURING"):
        return queries.versions(code).first()

    def ask(self, actor, *, code="STRUCTURING", days=0, **changed):
        rule = self.rule(code)
        facts = {
            "parameters": rule.parameters | changed, "severity": rule.severity, "is_on": True,
            "start": noon(days).date(), "reason": "Board paper 31", "actor": actor, "at": noon(),
        }  # fmt: skip
        return publishing.ask(rule, **facts)

    def test_takes_two_persons_and_tells_what_it_would_have_raised(self, officer):
        structure(open_account(), last=noon(-2))
        asked = self.ask(officer, least_count=2)

        assert asked.changes[0] == {"field": "Least count", "before": "3", "after": "2"}
        assert "1 alerts about 1 customers, with KES\u00a02,400,000.00" in asked.impact
        assert self.rule().version == 1
        with pytest.raises(approvals.OwnApproval):
            approve(asked, officer)

        approve(asked, member("RISK"))

        row = self.rule()
        assert (row.version, row.parameters["least_count"]) == (2, 2)
        assert (row.effective_from, row.approval_id) == (noon().date(), asked.pk)
        assert [rule.least_count for row, rule in queries.rules_on(noon().date())
                if row.code == "STRUCTURING"] == [2]  # fmt: skip

    def test_changes_what_is_found_from_its_day_on(self, officer):
        approve(self.ask(officer, days=1, least_count=4, sum_hours=1), member("RISK"))
        one, two = open_account(), open_account()
        first = structure(one, last=noon())[0]
        look_at(first, at=noon())
        assert Alert.objects.filter(customer=one.customer).count() == 1

        look_at(structure(two, last=noon())[0], at=noon(1))
        assert not Alert.objects.filter(customer=two.customer).exists()

    def test_stricter_finds_nothing_in_what_was_looked_at_and_stops_nobody(self, officer):
        account, another = open_account(), open_account()
        entries = structure(account, last=noon(-1))
        look_at(entries[0], at=noon(-1))
        found = Alert.objects.get(customer=account.customer)
        alert = monitoring.take(found, actor=officer, at=noon())
        asked = closing.ask_false(alert, reason="Sold a car", actor=officer, at=noon())
        approvals.approve(asked, digest=asked.digest, actor=member(), at=noon())
        approve(self.ask(officer, least_count=2), member("RISK"))

        late = deposit(account, "10", at=noon(-4))
        look_at(late, deposit(another, "10", at=noon(-4)), at=noon(1))

        assert Alert.objects.filter(customer=account.customer).count() == 1
        assert not Alert.objects.filter(customer=another.customer).exists()

    def test_can_switch_a_rule_off(self, officer):
        rule = self.rule()
        asked = publishing.ask(
            rule, parameters=rule.parameters, severity=rule.severity, is_on=False,
            start=noon().date(), reason="Too many", actor=officer, at=noon(),
        )  # fmt: skip
        approve(asked, member("RISK"))

        look_at(structure(account := open_account(), last=noon())[0], at=noon())

        assert "looks at nothing" in asked.impact
        assert not Alert.objects.filter(customer=account.customer).exists()

    def test_refuses_what_says_nothing_or_comes_too_early(self, officer):
        with pytest.raises(NothingNew):
            self.ask(officer)
        with pytest.raises(RuleTooEarly):
            self.ask(officer, days=-1, least_count=4)
        with pytest.raises(BadParameters):
            self.ask(officer, least_count="many")
        with pytest.raises(approvals.MayNotAsk):
            self.ask(member("TELLER"), least_count=4)

    def test_is_refused_when_another_was_published_meanwhile(self, officer):
        payload = self.ask(officer, least_count=5).payload
        asked = Approval.objects.get(deed="monitor.publish")
        approve(asked, member("RISK"))

        with pytest.raises(VersionTaken), transaction.atomic():
            publishing.publish(payload=payload, approval=asked, actor=officer, at=noon())

    def test_takes_two_by_the_database_too(self):
        facts = {"code": "DORMANT", "severity": "LOW", "parameters": {}, "source": "Nobody"}
        with pytest.raises(DatabaseError, match="takes two persons"), transaction.atomic():
            MonitorRule.objects.create(version=9, effective_from=noon().date(), **facts)
            with transaction.get_connection().cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db(transaction=True)
class TestTwoWhoDecideAtOnce:
    def test_close_once(self):
        officer, checkers = member(), [member(), member()]
        alert = monitoring.take(AlertFactory(at=noon(-1)), actor=officer, at=noon())
        asked = closing.ask_false(alert, reason="Sold a car", actor=officer, at=noon())

        results = at_once(2, lambda number: approve(asked, checkers[number]))

        [lost] = refused(results)
        assert isinstance(lost, approvals.AlreadyDecided)
        closed = AuditEntry.objects.filter(subject=f"accounts.alert:{alert.pk}")
        assert closed.filter(deed="alert.closed").count() == 1


class TestTheClocks:
    @pytest.mark.django_db
    def test_are_dated_rows(self):
        spans = {kind: queries.span(kind, at=noon()) for kind in ("TRIAGE", "REPORT", "APPEND")}

        assert spans == {
            "TRIAGE": timedelta(hours=24), "REPORT": timedelta(days=2), "APPEND": timedelta(days=7),
        }  # fmt: skip
        with pytest.raises(queries.NoClock):
            queries.span("TRIAGE", at=noon(-3650))
