"""Stopping a customer at once, and letting them go on by two persons."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.customers import standing
from accounts.customers.models import Customer
from accounts.customers.refusals import AlreadyStopped, MatchStands, NotSuspended, ReasonMissing
from accounts.customers.tests.test_standing import frozen, takes_money, tell_events
from accounts.factories import (
    CustomerFactory,
    DepositAccountFactory,
    StaffMemberFactory,
    staff_actor,
)
from accounts.screening.models import Hit
from accounts.screening.tests import steps
from accounts.staff.refusals import NotForYou
from ledger.approvals.models import Approval
from ledger.controls.models import AuditEntry

pytestmark = pytest.mark.django_db
WHY = "Three reports of fraud on this phone"


def pages(customer):
    return [
        reverse(f"branch:workbench:{name}", args=[customer.public_id])
        for name in ("customer", "standing")
    ]


def by(role="COMPLIANCE"):
    actor = staff_actor(StaffMemberFactory(role_id=role))
    return {"reason": WHY, "at": datetime.now(UTC), "actor": actor}


class TestStopping:
    def test_freezes_every_account_at_once_and_tells_staff_why(self, at_work):
        customer, client = CustomerFactory(), at_work("COMPLIANCE")
        DepositAccountFactory(customer=customer, is_another=True)
        file, page = pages(customer)
        assert client.get(page).status_code == 303, "the file was not opened for a purpose"
        opened = client.post(file, {"purpose": "INVESTIGATION"}, follow=True)
        assert b"Stop this customer at once" in opened.content

        assert client.post(page, {"deed": "suspend", "reason": WHY}).status_code == 303

        assert Customer.objects.get(pk=customer.pk).status == "SUSPENDED"
        assert frozen(customer) == {standing.SUSPENDED}
        shown = client.get(page).content.decode()
        assert WHY in shown and client.member.full_name in shown

    def test_shows_the_customer_no_reason(self, client):
        customer = CustomerFactory()
        standing.suspend(customer, **by())

        client.force_login(customer.user)
        page = client.get("/", follow=True).content.decode()

        assert WHY not in page and "suspended" not in page.lower()

    def test_is_for_managers_of_the_branch_and_compliance(self, at_work):
        customer = CustomerFactory()
        assert at_work("SUPPORT").get(pages(customer)[1]).status_code == 403
        elsewhere = staff_actor(StaffMemberFactory(role_id="SUPPORT"))

        with pytest.raises(NotForYou):
            standing.suspend(customer, reason=WHY, at=datetime.now(UTC), actor=elsewhere)

        standing.suspend(customer, **by("BRANCH_MANAGER"))
        assert customer.status == "SUSPENDED"

    def test_takes_a_reason_and_happens_once(self):
        customer, how = CustomerFactory(), by()
        with pytest.raises(ReasonMissing):
            standing.suspend(customer, **how | {"reason": " "})

        standing.suspend(customer, **how)
        with pytest.raises(AlreadyStopped):
            standing.suspend(customer, **how)

        assert AuditEntry.objects.filter(deed="customer.suspended").count() == 1


class TestLettingGoOn:
    def test_takes_a_second_person(self, at_work):
        customer, maker, checker = CustomerFactory(), at_work("COMPLIANCE"), at_work("COMPLIANCE")
        standing.suspend(customer, **by())
        file, page = pages(customer)
        maker.post(file, {"purpose": "REVIEW"})

        assert maker.post(page, {"deed": "lift", "reason": "It was a twin"}).status_code == 303
        asked = Approval.objects.get(deed="customers.lift")
        assert "Waiting for approval" in maker.get(page).content.decode()
        again = maker.post(page, {"deed": "lift", "reason": "It was a twin"})
        assert again.status_code == 422
        said = {"digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now())}
        decide = reverse("branch:workbench:approval", args=[asked.public_id])
        assert checker.post(decide, said).status_code == 303

        assert Customer.objects.get(pk=customer.pk).status == "ACTIVE"
        assert takes_money(customer)

    def test_is_not_asked_of_one_who_goes_on_or_is_on_a_list(self):
        customer = CustomerFactory()
        with pytest.raises(NotSuspended):
            standing.ask_lift(customer, **by())

        steps.load("KE_DOMESTIC", rows=["D-1,Baraka Tapeli Kimfano,1994-03-27,Kenya,,M,,"])
        listed = CustomerFactory(full_name="Kimfano Baraka Tapeli", date_of_birth=date(1994, 3, 27))
        steps.end(Hit.objects.get(owner_ref=listed.owner_ref), "CONFIRMED")
        tell_events()
        listed.refresh_from_db()
        with pytest.raises(MatchStands):
            standing.ask_lift(listed, **by())

    def test_one_whom_screening_stopped_shows_no_reason_to_managers(self, at_work):
        steps.load("KE_DOMESTIC", rows=["D-1,Baraka Tapeli Kimfano,1994-03-27,Kenya,,M,,"])
        listed = CustomerFactory(full_name="Kimfano Baraka Tapeli", date_of_birth=date(1994, 3, 27))
        steps.end(Hit.objects.get(owner_ref=listed.owner_ref), "CONFIRMED")
        tell_events()
        client, (file, page) = at_work("BRANCH_MANAGER"), pages(listed)
        client.post(file, {"purpose": "VISIT"})

        shown = client.get(page).content.decode().lower()

        assert "stopped by head office" in shown and "match" not in shown
