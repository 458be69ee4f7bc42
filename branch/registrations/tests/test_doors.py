"""The desk of businesses: everything to decide on, two officers, and people who are on lists."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access.tests.apps import code_at
from accounts.businesses import changes, opening, papers, review, screening, tasks
from accounts.businesses import operations as businesses
from accounts.businesses.mandates import Band
from accounts.businesses.models import Business
from accounts.businesses.refusals import (
    ChangeOver,
    NeedsAnotherDirector,
    NotADraft,
    PeopleNotChecked,
)
from accounts.customers.tests.test_standing import frozen
from accounts.documents.models import DocumentView
from accounts.factories import (
    DIRECTOR,
    PIN,
    STAFF,
    BusinessFactory,
    CustomerFactory,
    StaffMemberFactory,
    payload_of,
    photo,
    staff_actor,
)
from accounts.notifications.models import Message
from accounts.screening.models import Hit, ScreeningRun
from accounts.screening.tests import steps
from ledger.approvals.models import Approval
from ledger.controls import outbox
from payments.factories import BusinessDraftFactory
from payments.transfers.refusals import DetailsBeingChecked

pytestmark = pytest.mark.django_db
DESK = "/workbench/registrations/"
AT = datetime.now(UTC)
LISTED = "D-2,Quite Another,,,28990011,,,"


def page_of(business):
    return reverse("branch:registrations:business", args=[business.public_id])


def approve(client, asked):
    said = {"digest": asked.digest, "verdict": "approve", "code": code_at(timezone.now())}
    return client.post(reverse("branch:workbench:approval", args=[asked.public_id]), said)


def with_listed_owner(**facts):
    founder = CustomerFactory()
    business = BusinessFactory(founder=founder, is_sent=False, **facts)
    businesses.name_owner(
        business, full_name="Somebody Else Entirely", national_id="28990011",
        share_percent=Decimal(20), at=AT, actor=founder.actor,
    )  # fmt: skip
    seen = businesses.text_hash(businesses.resolution_text(business, language="en"))
    how = {"at": AT, "actor": founder.actor}
    businesses.resolve(business, seen=seen, language="en", **how)
    businesses.submit(business, **how)
    return Business.objects.get(pk=business.pk)


def activate(business):
    facts = {"payload": payload_of(business), "approval": "test"}
    opening.activate(**facts, actor=STAFF, at=AT)
    business.refresh_from_db()


def tell_events():
    events = ("case_opened", "cleared", "confirmed")
    handlers = {f"screening.{event}": [screening.follow_screening] for event in events}
    outbox.sweep(handlers=handlers, at=datetime.now(UTC))


class TestARegistration:
    def test_shows_company_directors_owners_mandate_and_who_signed(self, at_work):
        other = CustomerFactory(full_name="Peter Kamau")
        business = BusinessFactory(others=[(other, DIRECTOR)], is_active=False)
        client = at_work("LOAN_OFFICER")
        assert business.name in client.get(DESK).content.decode()

        page = client.get(page_of(business)).content.decode()

        for words in (business.registration_no, business.kra_pin, "Peter Kamau", "Achieng Njeri",
                      "60%", "Any amount", "Signed by Peter Kamau", "Kirinyaga Road"):  # fmt: skip
            assert words in page, words
        assert other.national_id not in page and "Screening" not in page

    def test_two_officers_open_the_account(self, at_work):
        business = BusinessFactory(is_active=False)
        maker, checker = at_work("LOAN_OFFICER"), at_work("BRANCH_MANAGER")

        said = {"deed": "activate", "reason": "Papers and people are complete"}
        assert maker.post(page_of(business), said).status_code == 303
        asked = Approval.objects.get(deed="businesses.activate")
        assert "Waiting for approval" in maker.get(page_of(business)).content.decode()
        assert approve(maker, asked).status_code == 422, "nobody decides alone"
        assert approve(checker, asked).status_code == 303

        assert Business.objects.get(pk=business.pk).is_active
        assert business.deposit_accounts.count() == 1

    def test_is_sent_back_with_a_reason_that_the_directors_read(self, at_work):
        business = BusinessFactory(is_active=False)
        said = {"deed": "send_back", "reason": "The certificate is of another company"}
        at_work("LOAN_OFFICER").post(page_of(business), said)

        approve(at_work("COMPLIANCE"), Approval.objects.get(deed="businesses.send_back"))

        assert Business.objects.get(pk=business.pk).is_draft
        body = Message.objects.filter(kind="business_sent_back").latest("pk").body
        assert "The certificate is of another company" in body

    def test_takes_a_reason_and_a_registration_that_waits(self, at_work):
        business, client = BusinessFactory(), at_work("COMPLIANCE")
        said = {"deed": "activate", "reason": ""}
        assert client.post(page_of(business), said).status_code == 422

        how = {"reason": "x", "at": AT, "actor": staff_actor(client.member)}
        for ask in (review.ask_activation, review.ask_send_back):
            with pytest.raises(NotADraft):
                ask(business, **how)

    def test_is_nobody_elses(self, at_work):
        assert at_work("SUPPORT").get(DESK).status_code == 403
        assert (
            at_work("COMPLIANCE").get(DESK + f"{CustomerFactory().public_id}/").status_code == 404
        )


class TestItsPapers:
    @pytest.fixture
    def business(self):
        return BusinessFactory(is_active=False, has_papers=False)

    def send(self, business, slug="certificate"):
        director = business.members.first().customer
        how = {"content": photo(shade=21), "at": AT, "actor": director.actor}
        return papers.send(business, slug=slug, **how)

    def post(self, client, business, document, **said):
        return client.post(page_of(business), {"document": document.public_id, **said})

    def test_are_looked_at_accepted_and_declined_with_a_reason(self, at_work, business):
        document, client = self.send(business), at_work("COMPLIANCE")
        page = client.get(page_of(business)).content.decode()
        picture = re.search(r'<img src="(/documents/[^"]+)"', page)[1]

        assert client.get(picture)["Content-Type"] == "image/jpeg"
        assert DocumentView.objects.get().why == "Checking the papers of a business"
        without = self.post(client, business, document, deed="decline", reason="")
        assert without.status_code == 422
        assert "Choose why you decline it" in without.content.decode()
        said = {"deed": "decline", "reason": "UNSIGNED"}
        assert self.post(client, business, document, **said).status_code == 303
        assert "A signature or a stamp is missing" in client.get(page_of(business)).content.decode()
        assert self.post(client, business, document, deed="accept").status_code == 422

        better = self.send(business, "resolution")
        said = {"deed": "accept", "expires_date": ""}
        assert self.post(client, business, better, **said).status_code == 303
        better.refresh_from_db()
        assert better.state == "ACTIVE" and better.decided_by.startswith("STAFF:")

    def test_are_asked_for_before_it_is_opened(self, at_work, business):
        said = {"deed": "activate", "reason": "Complete"}

        page = at_work("LOAN_OFFICER").post(page_of(business), said)

        assert page.status_code == 422
        assert "Papers are missing or not accepted yet: Certificate" in page.content.decode()
        assert not Approval.objects.filter(deed="businesses.activate").exists()

    def test_are_no_longer_asked_for_when_two_have_said_so(self, at_work, business):
        today = timezone.localdate()
        facts = {"legal_form": "PVT", "kind": "RESOLUTION", "effective_from": today, "reason": "x"}
        ask = "/workbench/records/accounts/paperrequirement/add/"
        assert at_work("RISK").post(ask, facts).status_code == 302

        asked = Approval.objects.get(deed="terms.change")
        assert approve(at_work("ADMINISTRATOR"), asked).status_code == 303

        kinds = [one.code for one in papers.needs_of(business, on=today)]
        assert kinds == ["CERTIFICATE", "REGISTRY_EXTRACT", "KRA_CERTIFICATE", "PROOF_OF_ADDRESS"]


class TestItsPeople:
    @pytest.mark.proves("AM14")
    def test_directors_and_owners_are_screened(self):
        other = CustomerFactory()
        business = BusinessFactory(others=[(other, DIRECTOR)], is_active=False)

        refs = set(ScreeningRun.objects.values_list("owner_ref", flat=True))

        members = business.members.filter(role="DIRECTOR").values_list("pk", flat=True)
        assert len(members) == 2
        owners = business.owners.values_list("pk", flat=True)
        assert {f"member:{pk}" for pk in members} | {f"owner:{pk}" for pk in owners} <= refs

    @pytest.mark.proves("AM15")
    def test_nothing_opens_while_one_is_held_and_only_compliance_sees_who(self, at_work):
        steps.load("KE_DOMESTIC", rows=[LISTED])
        business = with_listed_owner()

        with pytest.raises(PeopleNotChecked):
            activate(business)
        page = at_work("COMPLIANCE").get(page_of(business)).content.decode()
        assert "Screening" in page and "Held" in page
        page = at_work("BRANCH_MANAGER").get(page_of(business)).content.decode()
        assert "Screening" not in page and "Held" not in page

        steps.end(Hit.objects.get(owner_ref__startswith="owner:"), "CLEARED")
        activate(business)
        assert business.is_active

    @pytest.mark.proves("AM15", "AM17")
    def test_a_confirmed_match_stops_the_business_and_is_seen(self, at_work):
        business = with_listed_owner()
        activate(business)
        version = steps.load("KE_DOMESTIC", rows=[LISTED])
        tasks.screen_all(version=version.pk)
        hit = Hit.objects.get(owner_ref__startswith="owner:")
        steps.end(hit, "CONFIRMED")

        for _ in range(2):
            tell_events()
            screening.follow_screening(owner_ref=hit.owner_ref)

        business.refresh_from_db()
        assert business.state == "SUSPENDED" and frozen(business) == {screening.SUSPENDED}
        assert "On a list" in at_work("COMPLIANCE").get(page_of(business)).content.decode()

        hit.refresh_from_db()
        steps.end(hit, "CLEARED")
        tell_events()
        business.refresh_from_db()
        assert business.is_active and screening.is_clear(business)

    @pytest.mark.proves("AM15")
    def test_a_strong_match_that_comes_later_holds_the_money_out_until_two_clear_it(self, client):
        business = with_listed_owner(balance="9000")
        activate(business)
        version = steps.load("KE_DOMESTIC", rows=[LISTED])
        tasks.screen_all(version=version.pk)
        tell_events()

        business.refresh_from_db()
        assert (business.state, screening.is_clear(business)) == ("CHECKING", False)
        assert frozen(business) == {""}, "it still receives"
        with pytest.raises(DetailsBeingChecked):
            BusinessDraftFactory(business=business)
        client.force_login(business.members.first().customer.user)
        home = client.get(f"/biz/{business.public_id}/home/").content.decode()
        assert "We are checking the details of this business." in home
        for word in ("sanction", "screening", "list of", "match"):
            assert word not in re.sub(r"<script.*?</script>|<[^>]+>", "", home).lower(), word

        steps.end(Hit.objects.get(owner_ref__startswith="owner:"), "CLEARED")
        tell_events()
        business.refresh_from_db()
        assert business.is_active

    def test_events_of_others_change_nothing(self):
        business = BusinessFactory()

        for ref in ("customer:1", "owner:999999", "test:5"):
            screening.follow_screening(owner_ref=ref)

        business.refresh_from_db()
        assert business.is_active


class TestASoleDirectorsChange:
    def change(self, business):
        founder = business.members.first().customer
        bands = [Band(None, 1, False)]
        return changes.ask_mandate(business, bands=bands, pin=PIN, at=AT, actor=founder.actor)

    def test_is_confirmed_by_two_officers(self, at_work):
        business = BusinessFactory()
        change = self.change(business)
        maker, checker = at_work("LOAN_OFFICER"), at_work("COMPLIANCE")
        assert "Changes of sole directors" in maker.get(DESK).content.decode()
        page = reverse("branch:registrations:change", args=[change.public_id])
        assert "After the change" in maker.get(page).content.decode()

        answer = maker.post(page, {"reason": "She came to the branch with her ID"})
        asked = Approval.objects.get(deed="businesses.confirm_change")
        assert answer.status_code == 303 and asked.payload["address"] == "http://testserver"
        assert approve(checker, asked).status_code == 303

        change.refresh_from_db()
        assert change.state == "DONE"
        [band] = business.bands.filter(valid_until=None)
        assert not band.maker_counts

    def test_is_a_second_directors_where_there_is_one(self):
        business = BusinessFactory(others=[(CustomerFactory(), DIRECTOR)])
        change = self.change(business)
        how = {"reason": "x", "address": "https://bank", "at": AT,
               "actor": staff_actor(StaffMemberFactory(role_id="COMPLIANCE"))}  # fmt: skip

        with pytest.raises(NeedsAnotherDirector):
            review.ask_confirmation(change, **how)
        with pytest.raises(ChangeOver):
            review.ask_confirmation(change, **how | {"at": change.expires_at})
