"""A role's page: what it may do, whom a change touches, and asking two persons for one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.factories import StaffMemberFactory, staff_actor
from accounts.staff import operations as staff
from accounts.staff import queries, roles
from accounts.staff.models import Branch, Permission, Role, RolePermission
from accounts.staff.refusals import NotYourself, UnknownRole
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval

pytestmark = pytest.mark.django_db
TELLER = "/workbench/staff/roles/TELLER/"


def said(deed="add", permission="audit.look", **facts):
    return {
        "deed": deed, "permission": permission, "start": timezone.localdate(),
        "reason": "Board paper 12",
    } | facts  # fmt: skip


def text_of(response):
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def approve(client, asked):
    page = reverse("branch:workbench:approval", args=[asked.public_id])
    return client.post(page, {
        "digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now()),
    })  # fmt: skip


def may(member, permission, **where):
    return queries.permits(member.user, permission, at=timezone.now(), **where)


class TestARole:
    @pytest.mark.proves("IA10", "IA38")
    def test_gains_a_permission_when_two_persons_agree_and_once(self, at_work):
        first, second = at_work("ADMINISTRATOR"), at_work("ADMINISTRATOR")
        teller = StaffMemberFactory(role_id="TELLER", full_name="Otieno Barasa")
        head = StaffMemberFactory(role_id="HEAD_TELLER", full_name="Nekesa Wafula")

        looked = first.post(TELLER, said("look"))
        assert looked.status_code == 200 and "Otieno Barasa gains it" in text_of(looked)
        assert not Approval.objects.filter(deed="staff.change_role").exists()
        asked = first.post(TELLER, said(amount_up_to="50000"))
        request = Approval.objects.get(deed="staff.change_role")
        assert asked["Location"].endswith(f"{request.public_id}/")
        assert "2 gain it: " in request.impact and "Nobody loses it" in request.impact
        assert "Otieno Barasa" in request.impact and "Nekesa Wafula" in request.impact
        assert "Waiting for approval" in text_of(first.get(TELLER))
        again = first.post(TELLER, said())
        assert again.status_code == 422 and "already waiting" in text_of(again)

        assert approve(first, request).status_code == 422, "their own"
        assert not may(teller, "audit.look")
        assert approve(second, request).status_code == 303
        assert approve(second, request).status_code == 422, "once"
        assert may(teller, "audit.look", amount=Decimal(50000))
        assert not may(teller, "audit.look", amount=Decimal(50001))
        assert may(head, "audit.look"), "from the role above"

        page = text_of(second.get(TELLER))
        assert "Added, up to" in page and "Board paper 12" in page
        assert first.member.full_name in page.rpartition("History")[2]

    def test_loses_one_from_a_day_on_and_says_who_loses_it(self, at_work):
        client = at_work("ADMINISTRATOR")
        teller = StaffMemberFactory(role_id="TELLER", full_name="Otieno Barasa")
        both = StaffMemberFactory(role_id="TELLER", full_name="Nekesa Wafula")
        give(both, "AUDITOR")  # Who opens papers by another role too.
        tomorrow = timezone.localdate() + timedelta(1)

        client.post(TELLER, said("take", "document.look", start=tomorrow))

        request = Approval.objects.get(deed="staff.change_role")
        assert request.impact == "Nobody gains it; 1 loses it: Otieno Barasa"
        assert approve(at_work("ADMINISTRATOR"), request).status_code == 303
        assert may(teller, "document.look"), "today still"
        later = timezone.now() + timedelta(days=1)
        assert not queries.permits(teller.user, "document.look", at=later)
        assert queries.permits(both.user, "document.look", at=later)
        assert "To come" in text_of(client.get(TELLER))

    @pytest.mark.proves("IA10")
    def test_is_not_raised_by_whoever_holds_it(self, at_work):
        client = at_work("ADMINISTRATOR")
        page = "/workbench/staff/roles/ADMINISTRATOR/"

        refused = client.post(page, said(permission="customer.reveal"))

        assert refused.status_code == 422 and "This is about yourself" in text_of(refused)
        assert "Board paper 12" in text_of(refused), "what was typed is still there"
        assert not Approval.objects.filter(deed="staff.change_role").exists()
        assert client.post(page, said("take", "partner.admit")).status_code == 303, "taken by them"

    def test_is_not_raised_by_a_second_person_who_holds_it(self):
        maker, checker = (StaffMemberFactory(role_id="ADMINISTRATOR") for _ in range(2))
        asked = roles.ask_permission(
            Role.objects.get(pk="TELLER"), permission=Permission.objects.get(pk="audit.look"),
            is_held=True, amount_up_to=None, start=timezone.localdate(), reason="Test",
            actor=staff_actor(maker), at=timezone.now(),
        )  # fmt: skip
        give(checker, "TELLER")
        assert may(checker, "audit.look"), "they hold it already by the other role, so gain nothing"
        approvals.approve(asked, digest=asked.digest, actor=staff_actor(checker), at=timezone.now())

        other = roles.ask_permission(
            Role.objects.get(pk="TELLER"), permission=Permission.objects.get(pk="books.look"),
            is_held=True, amount_up_to=None, start=timezone.localdate(), reason="Test",
            actor=staff_actor(maker), at=timezone.now(),
        )  # fmt: skip
        with pytest.raises(NotYourself):
            approvals.approve(
                other, digest=other.digest, actor=staff_actor(checker), at=timezone.now()
            )

    def test_of_customers_is_not_changed_here(self, at_work):
        assert at_work("ADMINISTRATOR").get("/workbench/staff/roles/DIRECTOR/").status_code == 404
        with pytest.raises(UnknownRole):
            roles.ask_permission(
                Role.objects.get(pk="DIRECTOR"), permission=Permission.objects.get(pk="api.look"),
                is_held=True, amount_up_to=None, start=timezone.localdate(), reason="Test",
                actor=staff_actor(StaffMemberFactory(role_id="ADMINISTRATOR")), at=timezone.now(),
            )  # fmt: skip

    def test_refuses_cleanly(self, at_work):
        client = at_work("ADMINISTRATOR")
        for facts, told in (
            ({"reason": ""}, "Say why"),
            ({"start": timezone.localdate() - timedelta(1)}, "must begin today or later"),
            ({"permission": "account.pay"}, "Select a valid choice"),
            ({"permission": "document.look"}, "Nothing would change"),
            ({"amount_up_to": "plenty"}, "amount"),
        ):
            answer = client.post(TELLER, said(**facts))
            assert answer.status_code == 422 and told in text_of(answer), told
        assert not Approval.objects.filter(deed="staff.change_role").exists()

    def test_is_changed_by_nobody_who_may_only_look(self, at_work):
        auditor = at_work("AUDITOR")

        assert "Ask to add" not in text_of(auditor.get(TELLER))
        assert auditor.post(TELLER, said()).status_code == 403
        assert at_work("TELLER").get(TELLER).status_code == 403

    def test_the_database_refuses_one_person(self):
        facts = {"role_id": "TELLER", "permission_id": "audit.look"}
        today = timezone.localdate()

        with pytest.raises(DatabaseError, match="takes two persons"), transaction.atomic():
            RolePermission.objects.create(**facts, effective_from=today)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestAMember:
    @pytest.mark.proves("IA38")
    def test_is_given_a_role_in_a_branch_up_to_an_amount_until_a_day(self, at_work):
        first, second = at_work("ADMINISTRATOR"), at_work("ADMINISTRATOR")
        member = StaffMemberFactory(role_id="SUPPORT")
        page = reverse("branch:workbench:member", args=[member.public_id])
        today = timezone.localdate()

        sent = first.post(page, {
            "deed": "give", "role": "BRANCH_MANAGER", "branch": "002", "start": today,
            "end": today + timedelta(6), "amount_up_to": "100,000", "reason": "Stands in",
        })  # fmt: skip
        assert sent.status_code == 303, text_of(sent)
        request = Approval.objects.get(deed="staff.grant_role", subject__endswith=f":{member.pk}")
        assert {"field": "Up to", "before": "–", "after": "KES 100,000.00"} in request.changes
        assert approve(second, request).status_code == 303

        assert may(member, "kyc.decide", branch="002", amount=Decimal(100000))
        assert not may(member, "kyc.decide", branch="002", amount=Decimal(100001))
        assert not may(member, "kyc.decide", branch="001")
        week = timezone.now() + timedelta(days=7)
        assert not queries.permits(member.user, "kyc.decide", at=week)
        shown = text_of(first.get(page))
        assert "Branch manager" in shown and "100,000" in shown and "Holds it" in shown

    def test_shows_roles_to_come_and_those_that_are_over(self, at_work):
        client, member = at_work("ADMINISTRATOR"), StaffMemberFactory(role_id="SUPPORT")
        page = reverse("branch:workbench:member", args=[member.public_id])
        give(member, "AUDITOR", start=timezone.localdate() + timedelta(3))
        assert "To come" in text_of(client.get(page))

        grant = member.grants.get(role="SUPPORT")
        client.post(page, {"deed": "end", "grant": grant.pk, "reason": "Moved"})

        assert "Over" in text_of(client.get(page))


def give(member, role, *, start=None):
    maker, checker = (StaffMemberFactory(role_id="ADMINISTRATOR") for _ in range(2))
    now = timezone.now()
    asked = staff.ask_role(
        member, role=Role.objects.get(pk=role), branch=Branch.objects.get(pk="001"),
        start=start or timezone.localdate(), end=None, reason="Test",
        actor=staff_actor(maker), at=now,
    )  # fmt: skip
    approvals.approve(asked, digest=asked.digest, actor=staff_actor(checker), at=now)
