"""Hiring, roles and emergencies in a browser: what takes two, and what one person does at once."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from accounts.access.models import User
from accounts.factories import CustomerFactory, StaffMemberFactory, staff_actor
from accounts.staff.models import BreakGlass, StaffMember
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval

pytestmark = pytest.mark.django_db
NEW_TELLER = {
    "full_name": "Achieng Otieno", "email": "achieng.new@example.com", "phone": "0711 555 123",
    "national_id": "61777001", "branch": "001", "role": "TELLER", "reason": "New teller",
}  # fmt: skip


def second_admin():
    return staff_actor(StaffMemberFactory(role_id="ADMINISTRATOR"))


class TestStaffPages:
    def test_hiring_asks_a_second_person(self, at_work):
        client = at_work("ADMINISTRATOR")

        response = client.post("/workbench/staff/hire/", NEW_TELLER)

        assert response.status_code == 303 and "/workbench/approvals/" in response["Location"]
        assert (
            StaffMember.objects.get(
                national_id_index__isnull=False, full_name="Achieng Otieno"
            ).state
            == "INVITED"
        )

    def test_a_new_login_is_shut_until_the_second_person_admits(self, at_work):
        at_work("ADMINISTRATOR").post("/workbench/staff/hire/", NEW_TELLER)
        user = User.objects.get(email=NEW_TELLER["email"])
        address = EmailAddress.objects.get(user=user)
        assert not (user.is_active or user.is_phone_verified or address.verified)

        asked = Approval.objects.get(deed="staff.admit", state="PENDING")
        approvals.approve(asked, digest=asked.digest, actor=second_admin(), at=timezone.now())

        user.refresh_from_db()
        address.refresh_from_db()
        assert user.is_active and user.is_staff and user.is_phone_verified and address.verified

    @pytest.mark.parametrize("same", ["email", "phone"])
    def test_a_known_address_or_phone_is_said(self, at_work, same):
        known = CustomerFactory().user
        said = NEW_TELLER | {same: getattr(known, same)}

        response = at_work("ADMINISTRATOR").post("/workbench/staff/hire/", said)

        assert response.status_code == 422 and b"belongs to a login" in response.content
        assert not StaffMember.objects.filter(full_name="Achieng Otieno").exists()

    def test_who_was_refused_is_asked_for_again_on_their_page(self, at_work):
        client = at_work("ADMINISTRATOR")
        client.post("/workbench/staff/hire/", NEW_TELLER)
        asked = Approval.objects.get(deed="staff.admit", state="PENDING")
        approvals.reject(asked, reason="Wrong branch", actor=second_admin(), at=timezone.now())
        member = StaffMember.objects.get(full_name="Achieng Otieno")
        page = reverse("branch:workbench:member", args=[member.public_id])
        assert b'value="admit"' in client.get(page).content

        said = {"deed": "admit", "role": "TELLER", "branch": "001", "reason": "Branch 1 is right"}
        assert client.post(page, said).status_code == 303
        assert client.post(page, {"deed": "admit", "reason": "x"}).status_code == 422

        assert Approval.objects.filter(deed="staff.admit", state="PENDING").exists()

    def test_a_slip_in_the_address_is_mended_by_hiring_again(self, at_work):
        client = at_work("ADMINISTRATOR")
        slip = NEW_TELLER | {"email": "achieng.mew@example.com", "phone": "0711 555 124"}
        client.post("/workbench/staff/hire/", slip)
        assert client.post("/workbench/staff/hire/", NEW_TELLER).status_code == 422, "it waits"
        user = StaffMember.objects.get(full_name="Achieng Otieno").user
        assert user.email == "achieng.mew@example.com", "and what waits does not change"
        asked = Approval.objects.get(deed="staff.admit", state="PENDING")
        approvals.reject(
            asked, reason="It is new, not mew", actor=second_admin(), at=timezone.now()
        )

        assert client.post("/workbench/staff/hire/", NEW_TELLER).status_code == 303

        user.refresh_from_db()
        assert (user.email, user.phone) == ("achieng.new@example.com", "+254711555123")
        asked = Approval.objects.get(deed="staff.admit", state="PENDING")
        approvals.approve(asked, digest=asked.digest, actor=second_admin(), at=timezone.now())
        assert EmailAddress.objects.get(user=user).email == "achieng.new@example.com"
        assert StaffMember.objects.get(full_name="Achieng Otieno").is_at_work

    def test_a_role_is_asked_for_and_ended(self, at_work):
        client, member = at_work("ADMINISTRATOR"), StaffMemberFactory()
        page = reverse("branch:workbench:member", args=[member.public_id])
        said = {"deed": "give", "role": "TELLER", "branch": "001", "reason": "Counter"}
        assert client.post(page, said).status_code == 422, "without a first day"

        assert client.post(page, said | {"start": timezone.localdate()}).status_code == 303
        assert "Waiting for approval" in client.get(page).content.decode()
        [grant] = member.grants.all()
        ended = client.post(page, {"deed": "end", "grant": grant.pk, "reason": "Moved"})
        assert ended.status_code == 303 and not member.grants.filter(ended_at=None).exists()

    def test_whoever_may_only_look_changes_nothing(self, at_work):
        client, member = at_work("AUDITOR"), StaffMemberFactory()
        page = reverse("branch:workbench:member", args=[member.public_id])

        assert client.get(page).status_code == 200
        assert client.post(page, {"deed": "suspend", "reason": "x"}).status_code == 403

    def test_suspending_and_coming_back(self, at_work):
        client, member = at_work("ADMINISTRATOR"), StaffMemberFactory()
        page = reverse("branch:workbench:member", args=[member.public_id])

        client.post(page, {"deed": "suspend", "reason": "Lost badge"})
        assert StaffMember.objects.get(pk=member.pk).state == "SUSPENDED"
        client.post(page, {"deed": "return", "reason": "Found"})
        assert Approval.objects.filter(deed="staff.resume", state="PENDING").exists()
        client.post(page, {"deed": "dismiss", "reason": "Resigned"})
        assert StaffMember.objects.get(pk=member.pk).state == "TERMINATED"

    def test_a_role_that_is_not_named_or_not_theirs_is_not_ended(self, at_work):
        client, member = at_work("ADMINISTRATOR"), StaffMemberFactory()
        [others] = StaffMemberFactory().grants.all()
        page = reverse("branch:workbench:member", args=[member.public_id])

        for grant in ("", others.pk, 10**30):
            answer = client.post(page, {"deed": "end", "grant": grant, "reason": "Moved"})
            assert answer.status_code == 422 and b"do not hold that role" in answer.content

    def test_an_emergency_that_is_not_there_is_not_judged(self, at_work):
        said = {"verdict": "right", "reason": "x"}
        client = at_work("ADMINISTRATOR")

        for number in (0, 999_999):
            answer = client.post("/workbench/emergencies/", said | {"emergency": number})
            assert answer.status_code == 422 and b"no such emergency" in answer.content

    def test_an_emergency_is_taken_and_judged(self, at_work):
        risk, admin = at_work("RISK"), at_work("ADMINISTRATOR")
        page = "/workbench/emergencies/"
        assert risk.post(page, {"role": "OPERATIONS"}).status_code == 422, "without a reason"
        assert risk.post(page, {"role": "OPERATIONS", "reason": "Fire"}).status_code == 303
        taken = BreakGlass.objects.latest("pk")

        judged = {"emergency": taken.pk, "verdict": "right", "reason": "There was one"}
        assert risk.post(page, judged).status_code == 422, "not theirs to judge"
        assert "took Operations officer" in admin.get(page).content.decode()
        assert admin.post(page, judged).status_code == 303
        taken.refresh_from_db()
        assert taken.verdict == "RIGHT"
