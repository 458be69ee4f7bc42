"""The desk of partners: admitting by two, stopping at once, the log of calls, stuck webhooks."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.gateway.models import ApiCall
from accounts.partners import webhooks
from accounts.partners.factories import AppFactory, ConsentFactory, PartnerFactory, admitted
from accounts.partners.models import Partner
from accounts.partners.webhook_models import WebhookDelivery
from ledger.approvals.models import Approval
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
DESK = "/workbench/partners/"
LOG = "/workbench/records/accounts/apicall/"


def page_of(partner):
    return reverse("branch:partners:partner", args=[partner.public_id])


def approve(client, asked):
    said = {"digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now())}
    return client.post(reverse("branch:workbench:approval", args=[asked.public_id]), said)


class TestAPartner:
    def test_is_admitted_by_two(self, at_work):
        partner, maker, checker = PartnerFactory(), at_work("OPERATIONS"), at_work("COMPLIANCE")
        assert partner.name in maker.get(DESK).content.decode()
        assert "Partners that apply" in maker.get("/workbench/").content.decode()

        said = {"deed": "admit", "reason": "Papers are complete"}
        assert maker.post(page_of(partner), said).status_code == 303
        assert "Waiting for approval" in maker.get(page_of(partner)).content.decode()
        assert maker.post(page_of(partner), said).status_code == 422, "it waits already"
        assert approve(checker, Approval.objects.get(deed="partners.admit")).status_code == 303

        assert Partner.objects.get(pk=partner.pk).is_active

    def test_is_stopped_at_once_and_comes_back_by_two(self, at_work):
        partner, first, second = admitted(PartnerFactory()), *map(at_work, ["COMPLIANCE"] * 2)
        said = {"deed": "suspend", "reason": "Keys were found on a public page"}

        assert at_work("OPERATIONS").post(page_of(partner), said).status_code == 403
        assert first.post(page_of(partner), said).status_code == 303
        assert Partner.objects.get(pk=partner.pk).state == "SUSPENDED"
        again = first.post(page_of(partner), said)
        assert again.status_code == 422 and b"suspended by now" in again.content

        first.post(page_of(partner), {"deed": "admit", "reason": "The keys are new"})
        asked = Approval.objects.get(deed="partners.admit", state="PENDING")
        assert asked.changes[0]["before"] == "Suspended"
        assert approve(second, asked).status_code == 303
        assert Partner.objects.get(pk=partner.pk).is_active

    def test_is_refused_with_a_reason_by_one_who_may_admit(self, at_work):
        partner, asker, officer = PartnerFactory(), at_work("OPERATIONS"), at_work("COMPLIANCE")
        said = {"deed": "refuse", "reason": "There is no such company"}
        assert b"Refuse this company" in officer.get(page_of(partner)).content
        assert b"Refuse this company" not in asker.get(page_of(partner)).content

        assert asker.post(page_of(partner), said).status_code == 403
        assert officer.post(page_of(partner), {"deed": "refuse"}).status_code == 422
        assert officer.post(page_of(partner), said).status_code == 303

        assert Partner.objects.get(pk=partner.pk).state == "CLOSED"
        again = officer.post(page_of(partner), said)
        assert again.status_code == 422 and b"closed by now" in again.content
        page = officer.get(page_of(partner)).content
        assert b"Refuse this company" not in page and b"Ask to admit it" not in page

    def test_is_nobody_elses(self, at_work):
        assert at_work("SUPPORT").get(DESK).status_code == 403
        assert at_work("RISK").get(page_of(PartnerFactory())).status_code == 403


class TestItsApps:
    def test_show_scopes_consents_and_what_did_not_arrive(self, at_work, demo_bank):
        app = AppFactory()
        ConsentFactory(app=app)
        at = datetime.now(UTC)
        hook = webhooks.add(
            app, url="http://127.0.0.1:9/hook", topics=webhooks.TOPICS, at=at, actor=SYSTEM
        )
        WebhookDelivery.objects.create(
            endpoint=hook, event_id="evt_1", event="payment.completed", subject="payment:1",
            sequence=1, data={"amount": "1234.56"}, happened_at=at, due_at=at, state="FAILED",
            tries=9, done_at=at,
        )  # fmt: skip
        client = at_work("OPERATIONS")

        page = client.get(page_of(app.partner)).content.decode()

        assert "balances.read" in page and "payment.completed" in page and ">1<" in page
        assert "1234.56" not in page and app.secret not in page
        assert "payment.completed" in client.get(DESK).content.decode()
        desk = client.get("/workbench/records/accounts/webhookdelivery/?state=FAILED")
        assert b"payment.completed" in desk.content and b"1234.56" not in desk.content


class TestTheLogOfCalls:
    def call(self, **facts):
        usual = {
            "principal": "partner:abc",
            "method": "GET",
            "route": "/api/v1/a",
            "status": 200,
            "ms": 12,
            "request_id": "r1",
            "called_at": timezone.now(),
        }
        return ApiCall.objects.create(**usual | facts)

    @pytest.mark.proves("PA19")
    def test_is_filtered_by_caller_route_and_outcome(self, at_work):
        self.call()
        self.call(principal="partner:xyz", status=403, error_code="not_yours", route="/api/v1/b")
        client = at_work("OPERATIONS")

        for query, there, gone in (
            ("?q=partner:abc", "partner:abc", "partner:xyz"),
            ("?outcome=4", "partner:xyz", "partner:abc"),
            ("?status=200", "partner:abc", "partner:xyz"),
            ("?route=/api/v1/b", "partner:xyz", "partner:abc"),
        ):
            rows = client.get(LOG + query).content.decode().partition('id="result_list"')[2]
            assert there in rows and gone not in rows.partition("</table>")[0], query

    def test_is_for_those_who_may_read_it(self, at_work):
        assert at_work("SUPPORT").get(LOG).status_code == 403
        assert at_work("AUDITOR").get(LOG).status_code == 200
