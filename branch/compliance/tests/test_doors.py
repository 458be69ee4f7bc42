"""The desk of compliance in a browser, and that nobody else learns of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.access.tests.steps import code_in
from accounts.factories import (
    DIRECTOR,
    AlertFactory,
    BusinessFactory,
    CustomerFactory,
    StaffMemberFactory,
)
from accounts.monitoring import operations as monitoring
from accounts.monitoring import reading
from accounts.monitoring.models import Alert, MonitorCase, MonitorRule
from branch.workbench.tests.conftest import panels_of
from ledger.approvals.models import Approval
from ledger.controls.models import AuditEntry
from ledger.factories import put_in
from payments.approvals import operations as approvals
from payments.factories import WaitingFactory
from payments.transfers import queries as transfers
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
DESK = "/workbench/monitoring/"


def page_of(alert):
    return reverse("branch:compliance:alert", args=[alert.public_id])


def text_of(response):
    return response.content.decode()


def approve(client, location):
    asked = Approval.objects.get(public_id=location.rstrip("/").rpartition("/")[2])
    return client.post(
        location,
        {"digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now())},
    )


@pytest.fixture
def alert():
    return AlertFactory(customer__full_name="Nekesa Barasa Wafula")


class TestTheQueue:
    @pytest.mark.proves("AM12", "AM17")
    def test_shows_alerts_by_their_deadline(self, at_work, alert):
        client = at_work("COMPLIANCE")

        page = text_of(client.get(DESK))

        assert "Structuring" in page and "Nekesa Barasa Wafula" in page and "High" in page
        assert "Alerts about payments" in text_of(client.get("/workbench/"))

    def test_says_when_a_verdict_is_late(self, at_work):
        AlertFactory(at=timezone.now() - timedelta(days=3))

        assert "Late" in text_of(at_work("COMPLIANCE").get(DESK))

    @pytest.mark.parametrize("role", ["SUPPORT", "TELLER", "BRANCH_MANAGER", "ADMINISTRATOR"])
    def test_is_closed_to_whoever_meets_customers(self, at_work, alert, role):
        client = at_work(role)
        rule = reverse("branch:compliance:rule", args=["STRUCTURING"])

        for page in (DESK, page_of(alert), f"{DESK}rules/", rule):
            assert client.get(page).status_code == 403
        assert "Monitoring" not in text_of(client.get("/workbench/"))

    def test_hides_what_is_about_oneself(self, at_work):
        customer = CustomerFactory(tier_id="TIER_3", national_id="35793001")
        alert = AlertFactory(customer=customer)
        client = at_work("COMPLIANCE", national_id="35793001")

        assert customer.full_name not in text_of(client.get(DESK))
        assert client.get(page_of(alert)).status_code == 404

    def test_of_nothing_is_not_there(self, at_work):
        client, nobody = at_work("COMPLIANCE"), "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11"

        for page in (f"alerts/{nobody}/", f"cases/{nobody}/", "rules/NOTHING/"):
            assert client.get(DESK + page).status_code == 404


class TestAnAlertAboutABusiness:
    @pytest.mark.proves("AM12", "AM17")
    def test_names_the_business_and_who_prepared_and_approved_what_it_paid(self, at_work):
        """Pass-through: twice KES 300,000 came in and all of it left within a day."""
        peter = CustomerFactory(full_name="Peter Kamau")
        shop = BusinessFactory(
            name="Umoja Hardware Ltd", others=[(peter, DIRECTOR)], bands=((None, 1, False),)
        )
        account = shop.deposit_accounts.select_related("ledger_account").get()
        first = None
        for _ in range(2):
            came = put_in(account.ledger_account, "300000", at=timezone.now()).entry_id
            first = first or came
            sent = WaitingFactory(business=shop, amount=Decimal(290000))
            how = {"at": timezone.now(), "actor": peter.actor}
            approvals.text_code(sent, **how)
            code = code_in("code_approve")
            approvals.approve(sent, secret=code, seen=transfers.intent_digest(sent), **how)
        with transaction.atomic():
            monitoring.look_at((first, reading.newest_entry()), at=timezone.now(), actor=SYSTEM)
        alert = Alert.objects.get(business=shop)
        client = at_work("COMPLIANCE")

        page = text_of(client.get(page_of(alert)))

        assert "Rapid pass-through: Umoja Hardware Ltd" in page
        assert page.count("by Achieng Njeri, approved by Peter Kamau") == 2
        assert "<dt>Approved by</dt><dd>Peter Kamau</dd>" in page
        assert shop.registration_no in page
        assert "Umoja Hardware Ltd" in text_of(client.get(DESK))
        client.post(page_of(alert), {"deed": "take"})
        made = client.post(page_of(alert), {"deed": "case", "text": "Money only passes through"})
        case = text_of(client.get(made["Location"]))
        assert "Umoja Hardware Ltd" in case and "approved by Peter Kamau" in case


class TestAnAlert:
    @pytest.mark.proves("AM18")
    def test_tells_the_story_with_figures_payments_and_history(self, at_work, alert):
        client = at_work("RISK")

        page = text_of(client.get(page_of(alert)))

        assert "KES\u00a02,400,000.00 together" in page and page.count("800,000") >= 3
        assert "Raised by the monitor" in page and "Take this alert" not in page
        assert AuditEntry.objects.filter(
            deed="alert.seen", subject=f"accounts.alert:{alert.pk}"
        ).exists()
        assert client.post(page_of(alert), {"deed": "take"}).status_code == 403

    def test_is_taken_noted_and_closed_as_false_by_two(self, at_work, alert):
        client, second = at_work("COMPLIANCE"), at_work("COMPLIANCE")
        page = page_of(alert)
        assert client.post(page, {"deed": "false", "text": "No"}).status_code == 422, "not taken"
        assert client.post(page, {"deed": "take"}).status_code == 303
        assert client.post(page, {"deed": "note", "text": ""}).status_code == 422
        assert client.post(page, {"deed": "note", "text": "Sells maize"}).status_code == 303
        assert "Sells maize" in text_of(client.get(page))
        too_long = client.post(page, {"deed": "false", "text": "a" * 501})
        assert too_long.status_code == 422 and "501" in text_of(too_long)

        asked = client.post(page, {"deed": "false", "text": "Receipts seen"})
        assert "Waiting for approval" in text_of(client.get(page))
        assert f"Alert {alert.pk}" in text_of(second.get(asked["Location"]))
        assert approve(client, asked["Location"]).status_code == 422, "their own"
        assert approve(second, asked["Location"]).status_code == 303

        assert Alert.objects.get(pk=alert.pk).state == "CLOSED_FALSE"
        assert "Closed as false, by two persons" in text_of(client.get(page))

    def test_becomes_a_case_which_is_reported_by_two(self, at_work, alert):
        client, mlro = at_work("COMPLIANCE"), at_work("COMPLIANCE")
        client.post(page_of(alert), {"deed": "take"})
        opened = client.post(page_of(alert), {"deed": "case", "text": "No source of funds"})
        page = opened["Location"]
        assert "No suspicion yet" in text_of(client.get(DESK))
        assert client.post(page, {"deed": "suspicion", "text": "x"}).status_code == 422

        now = timezone.localtime(timezone.now())
        said = {"deed": "suspicion", "text": "No receipts", "formed_at": f"{now:%Y-%m-%dT%H:%M}"}
        assert client.post(page, said).status_code == 303
        assert client.post(page, {"deed": "over", "text": "See above"}).status_code == 303
        assert mlro.post(page, {"deed": "back", "text": "Ask more"}).status_code == 303
        client.post(page, {"deed": "over", "text": "Asked"})
        assert client.post(page, {"deed": "STR_FILED", "text": "x"}).status_code == 422
        asked = client.post(
            page, {"deed": "STR_FILED", "text": "Structured", "report_no": "STR-2026-18"}
        )
        assert approve(mlro, asked["Location"]).status_code == 303
        assert client.post(page, {"deed": "watch", "text": "Cash"}).status_code == 303

        case = MonitorCase.objects.get()
        assert (case.state, case.report_no) == ("POST_MONITORING", "STR-2026-18")
        shown = text_of(client.get(page))
        assert "STR-2026-18" in shown and "Reported to the FRC, by two persons" in shown
        assert "Watched afterwards" in text_of(client.get(DESK))


class TestRules:
    page = f"{DESK}rules/STRUCTURING/"

    def facts(self, **changed):
        today = timezone.localdate()
        return {
            "thresholds": "1000000; 1935000", "from_percent": "70", "to_percent": "99",
            "least_count": "3", "days": "5", "sum_hours": "24", "kinds": "CASH_DEPOSIT",
            "severity": "HIGH", "is_on": "on", "start": today, "reason": "Board paper 31",
            "first": today - timedelta(20), "last": today,
        } | changed  # fmt: skip

    def test_are_listed_with_how_often_they_were_wrong(self, at_work):
        page = text_of(at_work("RISK").get(f"{DESK}rules/"))

        for name in ("Structuring", "Rapid pass-through", "Dormant revival"):
            assert name in page

    def test_are_tried_on_the_past_beside_the_newest_version(self, at_work, alert):
        client = at_work("RISK")

        page = text_of(
            client.post(self.page, self.facts(deed="try", least_count="4", sum_hours="1"))
        )

        one, none = page.split("Version 1</td>")[1].split("As you typed it")
        assert 'data-label="Alerts">1<' in one and "2,400,000" in one
        assert 'data-label="Alerts">0<' in none
        assert not Approval.objects.filter(deed="monitor.publish").exists()
        wrong = client.post(self.page, self.facts(deed="try", last="2030-01-01"))
        assert wrong.status_code == 422

    def test_are_changed_by_two(self, at_work, alert):
        client, risk = at_work("COMPLIANCE"), at_work("RISK")
        same = client.post(self.page, self.facts(deed="ask"))
        assert same.status_code == 422 and "says the same already" in text_of(same)

        asked = client.post(self.page, self.facts(deed="ask", least_count="4"))
        request = text_of(risk.get(asked["Location"]))
        assert "Least count" in request and "In the last 90 days it would have raised" in request
        assert "Waiting for approval" in text_of(client.get(self.page))
        assert approve(risk, asked["Location"]).status_code == 303

        newest = MonitorRule.objects.filter(code="STRUCTURING").latest("version")
        assert (newest.version, newest.parameters["least_count"]) == (2, 4)
        assert newest.parameters["thresholds"] == ["1000000", "1935000"]

    @pytest.mark.parametrize("code", ["PASS_THROUGH", "DORMANT"])
    def test_of_every_kind_have_their_boxes(self, at_work, code):
        page = text_of(at_work("COMPLIANCE").get(f"{DESK}rules/{code}/"))

        assert "KES" in page and "Ask for version 2" in page

    def test_refuse_parameters_that_make_no_sense(self, at_work):
        client = at_work("COMPLIANCE")

        wrong = client.post(self.page, self.facts(deed="try", from_percent="99.5"))
        assert wrong.status_code == 422 and "do not ascend" in text_of(wrong)
        assert client.post(self.page, self.facts(deed="try", days="many")).status_code == 422


class TestHostileInput:
    VALUES = [
        "", "0", "-1", "1e9", "NaN", "Infinity", "5\u0665", "9" * 40, "a" * 5000, "\u202e\u0007",
        "<script>alert(1)</script>", "'; DROP TABLE accounts_alert; --", "=HYPERLINK()",
        "0001-01-01", "9999-12-31", "0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30", "on",
    ]  # fmt: skip

    def test_is_refused_without_a_fault(self, at_work, alert):
        client = at_work("COMPLIANCE")
        client.post(page_of(alert), {"deed": "take"})
        case = client.post(page_of(alert), {"deed": "case", "text": "Why"})["Location"]
        usual = TestRules().facts()
        for value in self.VALUES:
            for deed in ("note", "suspicion", "over", "STR_FILED", "watch", value):
                said = {"deed": deed, "text": value, "formed_at": value, "report_no": value}
                assert client.post(case, said).status_code < 500, (deed, value)
            for name in usual:  # Both deeds read the same form; to try one asks nobody for more.
                said = usual | {"deed": "try", name: value}
                assert client.post(TestRules.page, said).status_code < 500, (name, value)
            for deed in ("try", "ask", value):
                said = dict.fromkeys(usual, value) | {"deed": deed, "first": value, "last": value}
                assert client.post(TestRules.page, said).status_code < 500, (deed, value)
                said = usual | {"deed": deed, "first": value, "last": value}
                assert client.post(TestRules.page, said).status_code < 500, (deed, value)


class TestNoTippingOff:
    PAGES = [
        "/", "/save/", "/move/", "/view/", "/view/transactions/", "/view/statement/",
        "/settings/", "/settings/profile/", "/settings/security/",
    ]  # fmt: skip

    def test_a_customer_sees_the_same_pages_with_and_without_a_case(self, at_work, alert):
        customer, client = alert.customer, Client()
        officer = at_work("COMPLIANCE")
        officer.post(page_of(alert), {"deed": "take"})
        officer.post(page_of(alert), {"deed": "case", "text": "No source of funds"})
        client.force_login(customer.user)

        seen = [client.get(page, follow=True) for page in self.PAGES]

        assert {response.status_code for response in seen} == {200}
        words = ("monitor", "structuring", "suspicio", "No source of funds", "compliance")
        for response in seen:
            assert not [word for word in words if word.lower() in text_of(response).lower()]
        for page in (DESK, page_of(alert)):
            assert client.get(page, follow=True).status_code == 403

    def test_the_file_that_branches_open_says_nothing_of_it(self, at_work, alert):
        at_work("COMPLIANCE").post(page_of(alert), {"deed": "take"})
        teller = at_work("SUPPORT")
        page = reverse("branch:workbench:customer", args=[alert.customer.public_id])

        shown = text_of(teller.post(page, {"purpose": "CALL"}, follow=True))
        shown += panels_of(teller, alert.customer)

        assert "Nekesa" in shown and "alert." not in shown and "Structuring" not in shown
        about = AuditEntry.objects.filter(subject=f"accounts.customer:{alert.customer.pk}")
        assert not about.filter(deed__regex="^(alert|case|monitor)").exists()

    def test_a_member_of_staff_with_the_same_person_behind_is_shut_out(self, at_work, alert):
        StaffMemberFactory(role_id="RISK")
        same = at_work("RISK", national_id=alert.customer.national_id)

        assert same.get(page_of(alert)).status_code == 404
