"""Documents and the way up the tiers, by program."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.access.tests.apps import code_at, give_app
from accounts.documents import operations as documents
from accounts.documents.models import DocumentView
from accounts.documents.tests.papers import pdf, photo_with_place
from accounts.factories import CustomerFactory, DocumentFactory, StaffMemberFactory, photo
from accounts.kyc.tests.steps import NOON, WANJIRU, accept_all, sent
from ledger.approvals.models import Approval
from wekeza.kit import uploads
from wekeza.tests.api.steps import Program, refused

pytestmark = pytest.mark.django_db
FILE, KYC = "/api/v1/document/file/", "/api/v1/customer/kyc/"
FACTS = {"kra_pin": "A123456789Z", "address": "Moi Avenue 3, Kilifi", "occupation": "Teacher"}


@pytest.fixture
def amina():
    return Program(user=CustomerFactory().user)


def send(program, content=None, *, kind="ID_FRONT", **fields):
    """One file as programs send it."""
    file = SimpleUploadedFile("photo.jpg", photo() if content is None else content)
    data = {"kind": kind, "file": file} | fields
    return program.client.post(f"{FILE}add", data, headers=program.headers)


class TestSending:
    @pytest.mark.proves("SC14", "SC28")
    def test_keeps_a_clean_copy_that_its_owner_lists_and_opens(self, amina):
        sent_photo = photo_with_place()

        answer = send(amina, sent_photo)

        told = answer.json()
        assert (answer.status_code, told["state"], told["kind"]) == (201, "STAGED", "ID_FRONT")
        assert amina.get(f"{FILE}list").json()["documents"] == [told]
        assert amina.get(f"{FILE}{told['id']}").json() == told
        link = amina.get(f"{FILE}{told['id']}/download").json()
        shown = amina.get(link["url"])
        assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
        assert shown["X-Content-Type-Options"] == "nosniff"
        assert shown["Cache-Control"] == "no-store"
        assert b"CANARYPHONE" in sent_photo and b"CANARYPHONE" not in shown.content
        assert DocumentView.objects.get().why == "own document, by program"

    def test_the_same_file_again_gives_the_same_document(self, amina):
        content = photo(shade=3)
        assert send(amina, content).json()["id"] == send(amina, content).json()["id"]

    @pytest.mark.parametrize(
        ("content", "fields", "code"),
        [
            (b"", {}, "EMPTY_FILE"),
            (b"GIF89a and more", {}, "UNREADABLE_FILE"),
            (b"\xff\xd8\xff and then nothing", {}, "DAMAGED_FILE"),
            (b"x" * (uploads.MOST_KEPT + 1), {}, "FILE_TOO_LARGE"),
            (None, {"kind": "PROOF_OF_ADDRESS"}, "PAPER_UNDATED"),
            (None, {"kind": "PROOF_OF_ADDRESS", "issued_date": "2020-01-01"}, "PAPER_TOO_OLD"),
            (None, {"issued_date": "9999-12-31"}, "PAPER_FROM_TOMORROW"),
            (None, {"expires_date": "2020-01-01"}, "PAPER_OVER"),
            (None, {"kind": "LETTER"}, "VALIDATION_ERROR"),
            (None, {"owner": "1"}, "VALIDATION_ERROR"),
            (None, {"issued_date": "27.3.2026"}, "VALIDATION_ERROR"),
        ],
    )
    def test_refuses_what_the_page_refuses(self, amina, content, fields, code):
        refused(send(amina, content, **fields), 422, code)
        assert amina.get(f"{FILE}list").json() == {"documents": []}

    def test_takes_no_text_for_a_file_and_no_json(self, amina):
        text = amina.client.post(
            f"{FILE}add", {"kind": "SELFIE", "file": "a text"}, headers=amina.headers
        )
        assert set(refused(text, 422, "VALIDATION_ERROR")["fields"]) == {"file"}
        refused(amina.post(f"{FILE}add", {"kind": "SELFIE"}), 415, "UNSUPPORTED_MEDIA_TYPE")

    def test_takes_each_name_once_and_only_a_form(self, amina):
        twice = amina.client.post(
            f"{FILE}add", {"kind": ["SELFIE", "PASSPORT"]}, headers=amina.headers
        )
        refused(twice, 400, "DUPLICATE_KEY")
        for body, kind in (
            ("no form", "multipart/form-data; boundary=x"),
            ("no form", "multipart/form-data"),
            ("--x\r\nContent-Disposition: x", "multipart/form-data; boundary=x"),
        ):
            answer = amina.send("POST", f"{FILE}add", body, kind)
            assert answer.status_code in {400, 422}, answer.content
        huge = amina.send(
            "POST", f"{FILE}add", "x", "multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(uploads.MOST_SENT + 1),
        )  # fmt: skip
        assert huge.status_code == 413

    def test_is_bounded_by_the_minute(self, amina, settings):
        settings.API_PER_MINUTE = settings.API_PER_MINUTE | {"upload": 2}

        answers = [send(amina, b"").status_code for _ in range(3)]

        assert answers == [422, 422, 429]


class TestAnothersDocument:
    @pytest.fixture
    def theirs(self):
        return DocumentFactory(customer=CustomerFactory())

    def test_and_none_look_the_same(self, amina, theirs):
        for public_id in (theirs.public_id, uuid4()):
            path = f"{FILE}{public_id}"
            for answer in (
                amina.get(path),
                amina.send("DELETE", path),
                amina.post(f"{path}/dispose"),
                amina.get(f"{path}/download"),
            ):
                refused(answer, 404, "NO_SUCH_DOCUMENT")
        theirs.refresh_from_db()
        assert theirs.state == "STAGED"

    def test_is_not_opened_by_a_link_of_its_owner(self, amina, theirs):
        owner = Program(user=theirs.customer.user)
        link = owner.get(f"{FILE}{theirs.public_id}/download").json()["url"]

        refused(amina.get(link), 404, "LINK_EXPIRED")
        refused(Program(user=theirs.customer.user).get(link), 404, "LINK_EXPIRED")
        refused(Program().get(link), 401, "NOT_AUTHENTICATED")
        assert owner.get(link).status_code == 200

    def test_is_no_business_of_staff_by_program(self, theirs):
        officer = at_work("COMPLIANCE")
        refused(officer.get(f"{FILE}{theirs.public_id}"), 403, "NOT_FOR_THIS_LOGIN")


class TestATemporaryAddress:
    def test_ends_when_it_says(self, amina):
        document = send(amina, pdf()).json()
        with time_machine.travel(timezone.now(), tick=False) as clock:
            link = amina.get(f"{FILE}{document['id']}/download").json()
            clock.shift(timedelta(seconds=link["expires_in"] - 1))
            assert amina.get(link["url"])["Content-Type"] == "application/pdf"
            clock.shift(timedelta(seconds=1))
            refused(amina.get(link["url"]), 404, "LINK_EXPIRED")

    @pytest.mark.parametrize("token", ["x", "a:b", "%00", "..%2f..%2fetc%2fpasswd", "é"])
    def test_cannot_be_made_up(self, amina, token):
        assert amina.get(f"/api/v1/document/temporary/{token}").status_code == 404


class TestLettingGo:
    @pytest.mark.parametrize("by", ["DELETE", "dispose"])
    def test_while_it_waits(self, amina, by):
        told = send(amina).json()
        path = f"{FILE}{told['id']}"

        gone = amina.send("DELETE", path) if by == "DELETE" else amina.post(f"{path}/dispose")

        assert (gone.status_code, gone.json()["state"]) == (200, "DISPOSED")
        refused(amina.get(path), 404, "NO_SUCH_DOCUMENT")
        assert amina.get(f"{FILE}list").json() == {"documents": []}

    def test_not_when_the_law_keeps_it(self):
        document = DocumentFactory(customer=CustomerFactory())
        documents.approve(document, actor=WANJIRU, at=NOON)
        owner = Program(user=document.customer.user)

        refused(owner.send("DELETE", f"{FILE}{document.public_id}"), 409, "DOCUMENT_STILL_NEEDED")


def at_work(role):
    member = StaffMemberFactory(role_id=role)
    give_app(member.user)
    program = Program()
    told = program.sign_in(member.user.email, otp=code_at(timezone.now())).json()
    return program.use(told["access_token"])


class TestTheWayUp:
    @pytest.mark.proves("CK17")
    def test_leads_from_initiate_over_documents_to_submit(self, amina):
        begun = amina.post(f"{KYC}initiate", {"tier": "TIER_2"})
        assert (begun.status_code, begun.json()["state"]) == (201, "OPEN")
        refused(amina.post(f"{KYC}submit"), 409, "KYC_NOT_COMPLETE")

        told = amina.post(f"{KYC}facts", FACTS).json()
        assert {need["code"] for need in told["missing"]} == {"ID_FRONT", "ID_BACK", "SELFIE"}
        for shade, kind in enumerate(("ID_FRONT", "ID_BACK", "SELFIE")):
            assert send(amina, photo(shade=40 + shade), kind=kind).status_code == 201
        answer = amina.post(f"{KYC}submit")

        assert (answer.status_code, answer.json()["state"]) == (202, "SENT")
        status = amina.get(f"{KYC}status").json()
        assert status["tier"] == "TIER_1" and status["missing"] == []
        assert status["request"]["id"] == begun.json()["id"]
        refused(amina.post(f"{KYC}facts", FACTS), 409, "ALREADY_IN_REVIEW")
        refused(amina.post(f"{KYC}cancel"), 409, "ALREADY_IN_REVIEW")

    def test_tells_what_each_tier_needs(self, amina):
        tiers = amina.get("/api/v1/document/requirements").json()["tiers"]

        papers = {
            tier["tier"]: [need["code"] for need in tier["needs"] if need["is_document"]]
            for tier in tiers
        }
        assert papers == {
            "TIER_1": [],
            "TIER_2": ["ID_FRONT", "ID_BACK", "SELFIE"],
            "TIER_3": ["PROOF_OF_ADDRESS", "PROOF_OF_INCOME"],
        }

    @pytest.mark.parametrize("tier", ["TIER_1", "BUSINESS", "TIER_9"])
    def test_begins_for_no_tier_that_is_not_offered(self, amina, tier):
        refused(amina.post(f"{KYC}initiate", {"tier": tier}), 409, "TIER_NOT_OFFERED")

    def test_can_be_left(self, amina):
        refused(amina.post(f"{KYC}cancel"), 409, "NO_SUBMISSION")
        amina.post(f"{KYC}initiate", {"tier": "TIER_3"})
        assert amina.post(f"{KYC}cancel").status_code == 204
        assert amina.get(f"{KYC}status").json()["request"] is None

    @pytest.mark.proves("CK17", "CK02", "CK18")
    def test_is_verified_by_an_officer_and_waits_for_a_second_person(self):
        submission, at = sent(at=timezone.now()), timezone.now()
        officer = at_work("COMPLIANCE")
        body = {"request_id": str(submission.public_id), "risk": "LOW", "reason": "Agrees"}
        refused(officer.post(f"{KYC}verify", body), 409, "KYC_NOT_VERIFIED")
        accept_all(submission, at=at)

        answer = officer.post(f"{KYC}verify", body)

        assert (answer.status_code, answer.json()["state"]) == (202, "PENDING")
        assert Approval.objects.get(public_id=answer.json()["approval_id"]).deed == "kyc.raise_tier"
        submission.customer.refresh_from_db()
        assert submission.customer.tier_id == "TIER_1"
        theirs = Program(user=submission.customer.user)
        assert theirs.get("/api/v1/customer/me").json()["tier"] == "TIER_1"
        assert theirs.get(f"{KYC}status").json()["request"]["state"] == "SENT"
        refused(officer.post(f"{KYC}verify", body), 409, "ALREADY_WAITING")
        refused(
            officer.post(f"{KYC}verify", body | {"request_id": str(uuid4())}),
            404,
            "NO_SUCH_SUBMISSION",
        )

    def test_is_verified_by_nobody_else(self, amina):
        body = {"request_id": str(uuid4()), "risk": "LOW", "reason": "Agrees"}
        refused(amina.post(f"{KYC}verify", body), 403, "NOT_FOR_THIS_LOGIN")
        refused(at_work("TELLER").post(f"{KYC}verify", body), 403, "NOT_FOR_YOU")
