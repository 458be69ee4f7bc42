"""The screening desk: cases side by side, two persons, lists, and nobody else learns of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from celery.exceptions import Retry
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.businesses import operations as businesses
from accounts.businesses import queries as business_queries
from accounts.businesses import screening as business_screening
from accounts.businesses import tasks as business_tasks
from accounts.customers import tasks as customer_tasks
from accounts.customers.models import Customer
from accounts.customers.tests.test_standing import tell_events
from accounts.factories import BusinessFactory, CustomerFactory, StaffMemberFactory, staff_actor
from accounts.screening import rescreening
from accounts.screening.models import Hit, ListVersion
from accounts.screening.tasks import go_on
from accounts.screening.tests import steps
from branch.screening import operations, queries
from branch.screening.refusals import CaseChanged, OwnCase
from branch.workbench.queues import tasks_of
from branch.workbench.tests.conftest import panels_of
from ledger.controls.models import OutboxMessage
from wekeza.tests.scan import CANARY, Page

pytestmark = pytest.mark.django_db
CASES = "/workbench/screening/"
LISTED = "D-1,Baraka Tapeli Kimfano,1994-03-27,Kenya,,M,,"
FACTS = {"full_name": "Kimfano Baraka Tapeli", "date_of_birth": date(1994, 3, 27)}
WHY = "Another mother, and another place of birth"


@pytest.fixture
def held(db):
    steps.load("KE_DOMESTIC", rows=[LISTED])
    return CustomerFactory(**FACTS)


def case_of(customer):
    return Hit.objects.get(owner_ref=customer.owner_ref)


def page_of(hit):
    return reverse("branch:screening:case", args=[hit.pk])


def said(hit, verdict, reason=WHY, *, later=0):
    """What is sent; somebody's second code is that of a step `later`."""
    hit.refresh_from_db()
    code = code_at(timezone.now() + timedelta(seconds=30 * later))
    return {"seen": queries.seen_of(hit), "verdict": verdict, "reason": reason, "code": code}


class TestACase:
    def test_shows_both_sides_the_parts_of_the_score_and_what_differs(self, at_work, held):
        page = at_work("COMPLIANCE").get(page_of(case_of(held))).content.decode()

        assert "Kimfano Baraka Tapeli" in page and "Baraka Tapeli Kimfano" in page
        assert "Tokens paired, in any order" in page and "Date of birth" in page
        assert "1994-03-27" in page and "Same" in page and "One side only" in page
        assert held.national_id not in page, "masked"

    @pytest.mark.proves("AM15")
    def test_two_persons_clear_it_and_the_customer_may_send(self, at_work, held):
        first, second, hit = at_work("COMPLIANCE"), at_work("COMPLIANCE"), case_of(held)
        assert "Propose: not the same person" in first.get(page_of(hit)).content.decode()

        assert first.post(page_of(hit), said(hit, "CLEARED")).status_code == 303
        page = first.get(page_of(hit)).content.decode()
        assert "A colleague has to decide it" in page and "AGREE" not in page
        refused = first.post(page_of(hit), said(hit, "AGREE", later=1))
        assert refused.status_code == 422 and b"Somebody else has to decide" in refused.content
        assert second.post(page_of(hit), said(hit, "AGREE")).status_code == 303

        tell_events()
        assert Customer.objects.get(pk=held.pk).status == "ACTIVE"
        assert "Kimfano" in second.get("/workbench/screening/good-guys/").content.decode()

    def test_the_second_person_sends_it_back(self, at_work, held):
        first, second, hit = at_work("COMPLIANCE"), at_work("COMPLIANCE"), case_of(held)
        first.post(page_of(hit), said(hit, "CONFIRMED"))

        assert second.post(page_of(hit), said(hit, "DISAGREE")).status_code == 303
        hit.refresh_from_db()
        assert hit.state == "OPEN"

    def test_takes_a_reason(self, at_work, held):
        hit = case_of(held)

        answer = at_work("COMPLIANCE").post(page_of(hit), said(hit, "CLEARED", "no"))

        assert answer.status_code == 422 and b"10 characters or more" in answer.content

    @pytest.mark.proves("IA47")
    def test_takes_a_code_and_a_wrong_one_loses_nothing(self, at_work, held):
        client, hit = at_work("COMPLIANCE"), case_of(held)

        for code, told in (("000000", "That code is not right"), ("", "Enter the 6-digit code")):
            answer = client.post(page_of(hit), said(hit, "CLEARED") | {"code": code})
            page = answer.content.decode()
            assert answer.status_code == 422 and told in page and WHY in page
            hit.refresh_from_db()
            assert hit.state == "OPEN" and not hit.proposed_by

        assert client.post(page_of(hit), said(hit, "CLEARED")).status_code == 303

    def test_a_code_signs_one_verdict(self, at_work, held):
        first, second, hit = at_work("COMPLIANCE"), at_work("COMPLIANCE"), case_of(held)
        assert first.post(page_of(hit), said(hit, "CLEARED")).status_code == 303
        assert second.post(page_of(hit), said(hit, "DISAGREE")).status_code == 303

        again = first.post(page_of(hit), said(hit, "CONFIRMED"))

        assert again.status_code == 422
        assert case_of(held).state == "OPEN"

    def test_that_changed_since_it_was_read_is_not_decided(self, held):
        hit = case_of(held)
        facts = said(hit, "AGREE") | {"seen": "0" * 64}

        with pytest.raises(CaseChanged):
            operations.judge(hit, **facts, user=held.user, actor=steps.CHIEF, at=datetime.now(UTC))

    def test_about_oneself_is_a_colleagues(self, held):
        hit = case_of(held)

        with pytest.raises(OwnCase):
            operations.judge(
                hit,
                **said(hit, "CLEARED"),
                user=held.user,
                actor=held.actor,
                at=datetime.now(UTC),
            )

    def test_of_nobody_is_not_there(self, at_work):
        assert at_work("COMPLIANCE").get(f"{CASES}999999999/").status_code == 404

    def test_is_decided_by_compliance_only(self, at_work, held):
        hit = case_of(held)
        auditor = at_work("AUDITOR")

        assert auditor.get(page_of(hit)).status_code == 200
        assert "Propose:" not in auditor.get(page_of(hit)).content.decode()
        for verdict in ("CLEARED", "AGREE"):
            assert auditor.post(page_of(hit), said(hit, verdict)).status_code == 403
        assert at_work("BRANCH_MANAGER").get(page_of(hit)).status_code == 403


class TestNoTippingOff:
    def test_a_waiting_hit_shows_to_compliance_and_to_nobody_else(self, at_work, held):
        file = reverse("branch:workbench:customer", args=[held.public_id])

        for role in ("SUPPORT", "TELLER", "BRANCH_MANAGER"):
            client = at_work(role)
            home = client.get("/workbench/").content.decode()
            page = client.post(file, {"purpose": "CALL"}, follow=True).content.decode()
            page = (page + panels_of(client, held)).lower()
            assert "creening" not in home
            for word in ("screening", "sanction", "match", "listed", "tapeli kimfano"):
                assert word not in page, (role, word)
        assert "Screening cases" in at_work("COMPLIANCE").get("/workbench/").content.decode()


class TestTheQueue:
    def name_listed(self):
        steps.load("KE_DOMESTIC", rows=[LISTED + "\nD-2,Quite Another,,,28990011,,,"])
        founder = CustomerFactory()
        business = BusinessFactory(founder=founder, is_sent=False)
        businesses.name_owner(
            business, full_name="Somebody Else Entirely", national_id="28990011",
            share_percent=Decimal(20), at=datetime.now(UTC), actor=founder.actor,
        )  # fmt: skip
        return business

    def test_holds_people_of_businesses_too(self, at_work):
        business = self.name_listed()

        page = at_work("COMPLIANCE").get(CASES).content.decode()

        assert f"Owner of {business.name}" in page and "Held" in page

    def test_goes_on_about_an_owner_who_was_taken_off_again(self, at_work):
        business = self.name_listed()
        founder, owner = business.members.first().customer, business.owners.last()
        by = {"at": datetime.now(UTC), "actor": founder.actor}

        businesses.forget_owner(business, owner=owner.pk, **by)

        page = at_work("COMPLIANCE").get(CASES).content.decode()
        assert f"Owner of {business.name}, taken off the list again" in page
        assert owner not in business_queries.owners_of(business)
        assert not business_screening.is_clear(business)
        steps.end(Hit.objects.get(owner_ref=f"owner:{owner.pk}"), "CLEARED")
        assert business_screening.is_clear(business)


class TestOnesOwnCase:
    def test_is_shown_to_colleagues_only(self, at_work, held):
        hit, mine = case_of(held), at_work("COMPLIANCE", national_id=held.national_id)
        colleague = at_work("COMPLIANCE")

        assert mine.get(page_of(hit)).status_code == 404
        assert mine.post(page_of(hit), said(hit, "CLEARED")).status_code == 404
        assert "Kimfano" not in mine.get(CASES).content.decode()
        assert "Kimfano" in colleague.get(CASES).content.decode()
        assert self.waiting(mine) == self.waiting(colleague) - 1
        steps.end(hit, "CLEARED")
        assert "Kimfano" not in mine.get(f"{CASES}good-guys/").content.decode()
        assert "Kimfano" in colleague.get(f"{CASES}good-guys/").content.decode()

    def test_as_an_owner_of_a_business_is_a_colleagues_too(self, at_work):
        steps.load("KE_DOMESTIC", rows=["D-2,Quite Another,,,28990011,,,"])
        founder = CustomerFactory()
        business = BusinessFactory(founder=founder, is_sent=False)
        owner = businesses.name_owner(
            business, full_name="Somebody Else Entirely", national_id="28990011",
            share_percent=Decimal(20), at=datetime.now(UTC), actor=founder.actor,
        )  # fmt: skip
        hit = Hit.objects.get(owner_ref=f"owner:{owner.pk}")
        mine = at_work("COMPLIANCE", national_id="28990011")
        desk = reverse("branch:registrations:business", args=[business.public_id])

        with pytest.raises(OwnCase):
            operations.judge(
                hit, **said(hit, "CLEARED"), actor=staff_actor(mine.member), user=mine.member.user,
                at=datetime.now(UTC),
            )  # fmt: skip
        assert mine.get(page_of(hit)).status_code == 404
        assert "Screening" not in main_of(mine.get(desk))
        assert "Screening" in main_of(at_work("COMPLIANCE").get(desk))

    def waiting(self, client):
        request = client.get("/workbench/").wsgi_request
        [found] = [one for one in tasks_of(request) if one.queue.label == "Screening cases"]
        return found.count


def main_of(answer):
    return answer.content.decode().partition("<main")[2]


class TestEverybody:
    """Customers and people of businesses, when a list changes."""

    ROOMS = (customer_tasks, business_tasks)

    def screen_all(self, *versions):
        for version in versions:
            for room in self.ROOMS:
                room.screen_all(version=version.pk)
            version.refresh_from_db()

    def test_is_compared_with_a_version_that_a_newer_file_replaced_at_once(self):
        customer = CustomerFactory(**FACTS)
        before = steps.load("KE_DOMESTIC", rows=["D-0,Somebody Quite Else,,,,,,"])
        self.screen_all(before)
        hurried = steps.load("KE_DOMESTIC", rows=["D-0,Somebody Quite Else,,,,,,", LISTED])
        newest = steps.load(
            "KE_DOMESTIC", rows=["D-0,Somebody Quite Else,,,,,,", LISTED, "D-2,Yet Another,,,,,,"]
        )

        self.screen_all(hurried, newest)

        assert before.screened_at and newest.screened_at and not hurried.screened_at
        assert case_of(customer).source_uid == "D-1"

    def test_is_told_again_to_the_rooms_until_all_are_done(self):
        customer = CustomerFactory(**FACTS)
        version = steps.load("KE_DOMESTIC", rows=[LISTED])
        chunks = rescreening.hand_out(
            version=version.pk, room="customers", ranges=[(customer.pk, customer.pk)]
        )
        assert chunks, "and then every worker is lost"

        go_on()
        self.screen_all(version)
        go_on()

        assert version.screened_at and case_of(customer)
        told = OutboxMessage.objects.filter(event="screening.list_in_force")
        assert [one.payload for one in told] == [{"version": version.pk}] * 2, "first and again"

    @pytest.mark.parametrize("room", ROOMS)
    def test_is_tried_again_where_a_chunk_fails(self, room):
        with pytest.raises(Retry):
            room.screen_chunk.apply(kwargs={"first": 1, "last": 1, "version": 0})

    def test_has_workers_that_know_both_rooms(self):
        from accounts import tasks

        assert {tasks.screen_customers.name, tasks.screen_businesses.name} == {
            "customers.screen_chunk",
            "businesses.screen_chunk",
        }


class TestLists:
    def test_show_versions_counts_hash_and_who_loaded_them(self, at_work):
        version = steps.load("KE_DOMESTIC", rows=[LISTED])

        page = at_work("AUDITOR").get("/workbench/screening/lists/").content.decode()

        assert version.sha256 in page and "In force" in page and "list.csv" in page

    def test_of_a_hostile_file_run_nothing_on_any_page(self, at_work):
        evil = CANARY.replace('"', "")
        row = f"{evil},Baraka Tapeli Kimfano,1994-03-27,Kenya,{evil},M,{evil} Bazu,"
        version = steps.load("KE_DOMESTIC", rows=[row])
        CustomerFactory(**FACTS)
        client = at_work("COMPLIANCE")
        pages = ["", "lists/", f"lists/{version.pk}/", "good-guys/"]
        pages += [f"{hit.pk}/" for hit in Hit.objects.all()]

        for page in pages:
            text = client.get(CASES + page).content.decode()
            assert Page(CASES + page, text).faults == [], page
        assert "&lt;wkcanary" in text, "the last page, the case, shows it as words"

    def test_a_list_that_shrinks_waits_and_may_be_refused_with_a_reason(self, at_work):
        rows = [f"D-{n},Somebody Number{n} Xyzabc,,,,,," for n in range(20)]
        steps.load("KE_DOMESTIC", rows=rows)
        loader = staff_actor(StaffMemberFactory(role_id="COMPLIANCE"))
        waiting = steps.load("KE_DOMESTIC", rows=rows[:2], actor=loader)
        client, page = at_work("COMPLIANCE"), "/workbench/screening/lists/"
        shown = client.get(page).content.decode()
        assert "waits for a second person" in shown and "18 are gone" in shown
        assert "Decide it among the approvals" in shown

        assert client.post(page, {"version": waiting.pk, "reason": " "}).status_code == 422
        refused = {"version": waiting.pk, "reason": "Half a file"}
        assert at_work("AUDITOR").post(page, refused).status_code == 403
        assert client.post(page, refused).status_code == 303
        assert ListVersion.objects.get(pk=waiting.pk).state == "REFUSED"
        assert client.post(page, refused).status_code == 422, "it does not wait any more"
