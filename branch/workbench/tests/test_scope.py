"""Whose work stands in the queues: one's own branch's first, never more than the roles reach."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.customers.models import Customer
from accounts.factories import AlertFactory, CustomerFactory, StaffMemberFactory, staff_actor
from accounts.kyc.tests.steps import sent
from accounts.monitoring import closing
from accounts.monitoring import operations as monitoring
from accounts.monitoring import queries as monitoring_queries
from accounts.screening.models import Hit
from accounts.screening.tests import steps
from accounts.staff.queries import Held
from branch.workbench.scope import Scope, covered
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval

pytestmark = pytest.mark.django_db
HOME, ALL, KYC = "/workbench/", "?branch=all", "/workbench/onboarding/kyc/"


def text_of(response):
    return " ".join(response.content.decode().split())


def tile(client, label, address=HOME):
    """What a tile of the home says: how many wait, and the small print."""
    before, _, after = text_of(client.get(address)).partition(f"{label}<small>")
    count = before.rpartition('wk-tile__n">')[2].partition("<")[0]
    return int(count), after.partition("</small")[0]


def ask_in(branch, name):
    customer = CustomerFactory(full_name=name)
    Customer.objects.filter(pk=customer.pk).update(branch=branch)
    return sent(customer=customer, at=timezone.now())


class TestOwnBranchFirst:
    @pytest.mark.proves("BR01")
    def test_shows_ones_own_branch_and_says_how_many_wait_elsewhere(self, at_work):
        ask_in("001", "Amina Wanjala")
        ask_in("002", "Brian Otieno")
        client = at_work("OPERATIONS")

        count, small = tile(client, "Papers to check")
        assert count == 1 and small.endswith("1 in other branches")
        page = text_of(client.get(KYC))
        assert "Amina Wanjala" in page and "Brian Otieno" not in page and "All I may see" in page

        assert tile(client, "Papers to check", HOME + ALL)[0] == 2
        assert f'href="{KYC}{ALL}"' in text_of(client.get(HOME + ALL))
        page = text_of(client.get(KYC + ALL))
        assert "Amina Wanjala" in page and "Brian Otieno" in page

    @pytest.mark.proves("IA38")
    def test_never_shows_more_than_the_role_reaches(self, at_work):
        ask_in("001", "Amina Wanjala")
        ask_in("002", "Brian Otieno")
        client = at_work("BRANCH_MANAGER", branch_id="002")

        assert [tile(client, "Papers to check", HOME + which)[0] for which in ("", ALL)] == [1, 1]
        page = text_of(client.get(KYC + ALL))
        assert "Brian Otieno" in page and "Amina Wanjala" not in page
        assert "All I may see" not in page, "there is no more to see"

    def test_a_role_for_another_branch_shows_that_branch(self):
        scope = Scope(reach=frozenset({"002"}), own="001", is_all=False)
        ask_in("001", "Amina Wanjala")
        brian = ask_in("002", "Brian Otieno").customer

        assert list(scope.seen(Customer.objects.filter(submissions__isnull=False), "branch")) == [
            brian
        ]
        assert not scope.may_switch


class TestApprovals:
    def waiting(self, **facts):
        now = timezone.now()
        row = {
            "deed": "staff.resume", "changes": [], "reason": "Test", "to_check": "staff.decide",
            "digest": "0" * 64, "maker": "TASK:test", "maker_person": "person:maker",
            "made_at": now, "expires_at": now + timezone.timedelta(hours=1),
        }  # fmt: skip
        return Approval.objects.create(**row | facts)

    def test_are_within_branch_and_amount(self):
        here, _there = self.waiting(branch="002"), self.waiting(branch="003")
        small, _large, _everywhere = (
            self.waiting(branch="002", amount=Decimal(500)),
            self.waiting(branch="002", amount=Decimal(501)),
            self.waiting(branch=""),
        )
        grants = [Held("staff.decide", "CHIEF", "002", Decimal(500))]

        found = covered(Approval.objects.filter(maker="TASK:test"), grants)

        assert set(found) == {here, small}
        assert not covered(Approval.objects.all(), []).exists()

    def test_outside_of_them_are_not_there(self, at_work):
        client = at_work("BRANCH_MANAGER", branch_id="002")
        theirs = self.waiting(branch="002", to_check="kyc.decide")
        others = self.waiting(branch="001", to_check="kyc.decide")

        for row, status in ((theirs, 200), (others, 404)):
            page = reverse("branch:workbench:approval", args=[row.public_id])
            assert client.get(page).status_code == status


class TestNothingAboutOneself:
    """Whom an alert or a case is about must not learn of it, nor by a count (no tipping-off)."""

    ID = "35793011"

    @pytest.fixture
    def alert(self):
        return AlertFactory(customer=CustomerFactory(tier_id="TIER_3", national_id=self.ID))

    def test_is_counted_on_the_home_page(self, at_work, alert):
        about, other = at_work("COMPLIANCE", national_id=self.ID), at_work("COMPLIANCE")

        assert tile(about, "Alerts about payments") == (0, "Nothing waits")
        assert tile(other, "Alerts about payments")[0] == 1

    def test_is_among_what_to_decide_or_in_how_often_rules_err(self, at_work, alert):
        about, other = at_work("COMPLIANCE", national_id=self.ID), at_work("COMPLIANCE")
        taker = staff_actor(StaffMemberFactory(role_id="COMPLIANCE"))
        now = timezone.now()
        monitoring.take(alert, actor=taker, at=now)
        alert.refresh_from_db()
        asked = closing.ask_false(alert, reason="Sells maize", actor=taker, at=now)
        page = reverse("branch:workbench:approval", args=[asked.public_id])

        assert other.get(page).status_code == 200
        assert about.get(page).status_code == 404
        assert tile(other, "Approvals for you")[0] == 1
        assert tile(about, "Approvals for you")[0] == 0
        assert str(asked.public_id) not in text_of(about.get("/workbench/approvals/"))

        second = staff_actor(other.member)
        approvals.approve(asked, digest=asked.digest, actor=second, at=now)
        assert monitoring_queries.precision(actor=second) == {"STRUCTURING": (1, 1)}
        assert monitoring_queries.precision(actor=staff_actor(about.member)) == {}

    def test_is_in_a_trial_of_a_rule(self, alert):
        rule, today = alert.rule, timezone.localdate()
        days = (today - timezone.timedelta(days=9), today)
        about = StaffMemberFactory(role_id="COMPLIANCE", national_id=self.ID)

        def hits(**who):
            return monitoring_queries.dry_run(
                rule.code, rule.parameters, *days, at=timezone.now(), **who
            ).hits

        assert (hits(), hits(seen_by=staff_actor(about))) == (1, 0)

    def test_is_a_case_of_screening(self, at_work):
        steps.load("KE_DOMESTIC", rows=["D-1,Baraka Tapeli Kimfano,1994-03-27,Kenya,,M,,"])
        born = date(1994, 3, 27)
        held = CustomerFactory(
            full_name="Kimfano Baraka Tapeli", date_of_birth=born, national_id=self.ID
        )
        hit = Hit.objects.get(owner_ref=held.owner_ref)
        about, other = at_work("COMPLIANCE", national_id=self.ID), at_work("COMPLIANCE")
        page = reverse("branch:screening:case", args=[hit.pk])

        assert (about.get(page).status_code, other.get(page).status_code) == (404, 200)
        assert tile(about, "Screening cases") == (0, "Nothing waits")
        assert "Tapeli" not in text_of(about.get("/workbench/screening/"))
