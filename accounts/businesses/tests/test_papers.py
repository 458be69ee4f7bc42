"""The papers of a business: what its form asks for, who sends them, who decides (kenya.md 7.1)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.businesses import opening, papers, review
from accounts.businesses.models import Business
from accounts.businesses.refusals import (
    NoSuchPaper,
    NotYourRole,
    PapersNotAccepted,
    YourOwnBusiness,
)
from accounts.documents.models import Document, DocumentView
from accounts.documents.refusals import AlreadyDecided, DeclinedBefore
from accounts.factories import (
    STAFF,
    BusinessFactory,
    CustomerFactory,
    StaffMemberFactory,
    accept_papers,
    actor_of,
    payload_of,
    photo,
    staff_actor,
)
from accounts.notifications.models import Message
from ledger.calendar import queries as calendar
from ledger.controls.models import AuditEntry

pytestmark = pytest.mark.django_db
AT = datetime.now(UTC)
TODAY = calendar.nairobi_date(AT)
OF_A_COMPANY = [
    "CERTIFICATE",
    "REGISTRY_EXTRACT",
    "KRA_CERTIFICATE",
    "RESOLUTION",
    "PROOF_OF_ADDRESS",
]


@pytest.fixture
def shop(njeri):
    """A company that was sent to the bank, without any paper."""
    made = BusinessFactory(founder=njeri, is_active=False, has_papers=False)
    return Business.objects.get(pk=made.pk)


def send(business, director, slug="certificate", shade=1, **days):
    how = {"content": photo(shade=shade), "at": AT, "actor": actor_of(director)}
    return papers.send(business, slug=slug, **how, **days)


def need(business, slug="certificate"):
    return papers.need_of(business, slug=slug, on=TODAY)


class TestWhatIsAskedFor:
    @pytest.mark.parametrize(
        ("number", "wanted"),
        [
            ("PVT-AB12CD3", OF_A_COMPANY),
            ("LLP1234", OF_A_COMPANY),
            ("BN/2023/12345", [kind for kind in OF_A_COMPANY if kind != "RESOLUTION"]),
        ],
    )
    def test_is_told_by_the_legal_form_in_dated_rows(self, number, wanted):
        business = BusinessFactory(registration_no=number, is_sent=False, has_papers=False)

        needs = papers.needs_of(business, on=TODAY)

        assert [one.code for one in needs] == wanted
        assert not any(one.is_met for one in needs)


class TestSending:
    def test_seals_a_paper_of_the_business_itself(self, shop, njeri):
        document = send(shop, njeri)

        assert (document.owner_ref, document.customer) == (shop.owner_ref, None)
        assert document.state == "STAGED" and need(shop).is_waiting
        assert AuditEntry.objects.filter(deed="document.uploaded", actor=str(njeri.actor)).exists()

    def test_is_for_directors_and_for_papers_that_are_asked_for(self, shop, njeri):
        viewer = CustomerFactory()
        shop.members.create(customer=viewer, role="VIEWER", joined_at=AT)

        with pytest.raises(NotYourRole):
            send(shop, viewer)
        for slug in ("selfie", "nothing"):
            with pytest.raises(NoSuchPaper):
                send(shop, njeri, slug=slug)

    def test_takes_a_newer_one_in_place_of_one_that_waits(self, shop, njeri):
        first, second = send(shop, njeri), send(shop, njeri, shade=2)

        first.refresh_from_db()
        assert first.state == "DISPOSED" and need(shop).document == second


class TestDeciding:
    def test_declines_with_a_reason_that_the_directors_read(self, shop, njeri):
        document = send(shop, njeri)

        papers.decline(shop, document=document, reason="PAGES_MISSING", actor=STAFF, at=AT)

        found = need(shop)
        assert (found.is_declined, found.why) == (True, "Pages are missing")
        assert found.tip == "Send all pages in one PDF, the first to the last."
        told = Message.objects.filter(user=njeri.user, kind="business_paper_declined").get()
        assert "a paper of Wekeza Hardware Ltd: Certificate of registration" in told.body
        with pytest.raises(DeclinedBefore):
            send(shop, njeri)

    def test_happens_once(self, shop, njeri):
        document = send(shop, njeri)
        papers.accept(shop, document=document, actor=STAFF, at=AT)

        with pytest.raises(AlreadyDecided):
            papers.decline(shop, document=document, reason="BLURRED", actor=STAFF, at=AT)
        assert need(shop).is_met

    def test_is_not_for_who_acts_for_the_business(self, shop, njeri):
        document = send(shop, njeri)
        member = StaffMemberFactory(role_id="COMPLIANCE", national_id=njeri.national_id)

        with pytest.raises(YourOwnBusiness):
            papers.accept(shop, document=document, actor=staff_actor(member), at=AT)
        document.refresh_from_db()
        assert document.state == "STAGED"

    def test_is_about_the_papers_of_this_business(self, shop, njeri):
        other = BusinessFactory(has_papers=False, is_sent=False)
        theirs = send(other, other.members.first().customer)

        with pytest.raises(NoSuchPaper):
            papers.accept(shop, document=theirs, actor=STAFF, at=AT)
        with pytest.raises(NoSuchPaper):
            papers.paper_of(shop, public_id=theirs.public_id)


class TestOpening:
    def activate(self, business):
        facts = {"payload": payload_of(business), "approval": "test"}
        return opening.activate(**facts, actor=STAFF, at=AT)

    def test_waits_for_every_paper_and_names_those_that_are_open(self, shop, njeri):
        accept_papers(shop)
        send(shop, njeri, slug="registry-extract")
        Document.objects.filter(owner_ref=shop.owner_ref, kind="KRA_CERTIFICATE").update(
            expires_date=TODAY - timedelta(1)
        )
        officer = staff_actor(StaffMemberFactory(role_id="COMPLIANCE"))

        for ask in (
            lambda: self.activate(shop),
            lambda: review.ask_activation(shop, reason="Complete", at=AT, actor=officer),
        ):
            with pytest.raises(PapersNotAccepted) as refusal:
                ask()
            assert str(refusal.value) == (
                "Papers are missing or not accepted yet: "
                "Extract of the business registry, KRA PIN certificate"
            )
        shop.refresh_from_db()
        assert shop.is_submitted

    def test_follows_once_all_are_accepted(self, shop):
        with pytest.raises(PapersNotAccepted):
            self.activate(shop)

        accept_papers(shop)

        assert self.activate(shop).is_active


class TestThePages:
    def post(self, client, business, slug, content, **more):
        url = f"/biz/{business.public_id}/papers/{slug}/"
        return client.post(url, {"file": SimpleUploadedFile("paper.jpg", content)} | more)

    def test_a_director_sends_a_paper_and_sees_how_it_stands(self, client, shop, njeri):
        client.force_login(njeri.user)
        home = f"/biz/{shop.public_id}/papers/"
        assert client.get(home).content.decode().count("Upload<") == len(OF_A_COMPANY)
        assert "We wait for your papers" in client.get(home).content.decode()
        assert "We wait for your papers" in client.get("/biz/").content.decode()
        assert "The CR12" in client.get(home + "registry-extract/").content.decode()

        sent = self.post(client, shop, "registry-extract", photo(shade=3))

        assert (sent.status_code, sent["Location"]) == (303, home)
        document = Document.objects.get(owner_ref=shop.owner_ref)
        papers.decline(shop, document=document, reason="CUT_OFF", actor=STAFF, at=AT)
        page = client.get(home).content.decode()
        assert "A part of it is cut off" in page and "Send a new one" in page
        look = client.get(f"{home}see/{document.public_id}/", follow=True)
        assert look["Content-Type"] == "image/jpeg"
        accept_papers(shop)
        page = client.get(home).content.decode()
        assert "The bank is checking it" in page and "We wait for your papers" not in page
        assert DocumentView.objects.get().why == "own paper of the business"

    def test_say_what_is_wrong_with_a_file(self, client, shop, njeri):
        client.force_login(njeri.user)

        said = self.post(client, shop, "certificate", b"GIF89a")
        old = {f"issued_date_{n}": value for n, value in enumerate(["1", "1", "2020"])}
        aged = self.post(client, shop, "proof-of-address", photo(shade=4), **old)

        assert (
            said.status_code == 422 and "We cannot read this kind of file" in said.content.decode()
        )
        assert aged.status_code == 422 and "older than 3 months" in aged.content.decode()

    def test_are_the_directors_alone(self, client, shop, njeri):
        document = send(shop, njeri)
        viewer = CustomerFactory()
        shop.members.create(customer=viewer, role="VIEWER", joined_at=timezone.now())
        client.force_login(viewer.user)
        home = f"/biz/{shop.public_id}/papers/"

        assert "Upload<" not in client.get(home).content.decode()
        assert client.get(home + "certificate/").status_code == 403
        assert client.get(f"{home}see/{document.public_id}/").status_code == 403
        client.force_login(CustomerFactory().user)
        assert client.get(home + "certificate/").status_code == 404
        assert client.get(f"{home}see/{document.public_id}/").status_code == 404

    def test_know_no_paper_that_is_not_asked_for(self, client, shop, njeri):
        client.force_login(njeri.user)
        home = f"/biz/{shop.public_id}/papers/"

        assert client.get(home + "selfie/").status_code == 404
        missing = "00000000-0000-4000-8000-000000000000"
        assert client.get(f"{home}see/{missing}/").status_code == 404
