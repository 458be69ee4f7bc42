from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.documents import queries
from accounts.documents.models import Document, DocumentView
from accounts.documents.tests import papers
from accounts.factories import CustomerFactory, DocumentFactory, UserFactory, photo
from wekeza.kit.uploads import MOST_SENT

pytestmark = pytest.mark.django_db
LADDER = "/settings/kyc/"


def signed_in(customer):
    client = Client()
    client.force_login(customer.user)
    return client


def page(name, *args):
    return reverse(f"accounts:documents:{name}", args=args)


def chosen(content, name="IMG_0001.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


class TestUpload:
    @pytest.mark.proves("CK21")
    def test_takes_a_photo_and_leads_back_to_where_it_was_asked(self):
        customer = CustomerFactory()
        client = signed_in(customer)
        address = page("upload", "id-front")
        asked = client.get(address, {"next": LADDER}).content.decode()
        assert 'capture="environment"' in asked and 'enctype="multipart/form-data"' in asked
        assert "up to 5 MB" in asked

        answer = client.post(address, {"next": LADDER, "file": chosen(photo(shade=61))})

        assert (answer.status_code, answer["Location"]) == (303, LADDER)
        document = Document.objects.get()
        assert (document.customer, document.kind) == (customer, "ID_FRONT")
        assert "Uploaded" in client.get(page("index")).content.decode()

    def test_is_taken_twenty_times_a_minute_and_then_not(self):
        client = signed_in(CustomerFactory())
        address, content = page("upload", "selfie"), photo(shade=63)
        for _ in range(20):  # The same photo again is the same paper.
            assert client.post(address, {"file": chosen(content)}).status_code == 303

        answer = client.post(address, {"file": chosen(content)})

        assert answer.status_code == 422
        assert "You asked too often" in answer.content.decode()

    def test_of_no_certain_kind_wait_up_to_a_bound(self):
        customer = CustomerFactory()
        for shade in range(5):
            DocumentFactory(customer=customer, kind="OTHER", content=photo(shade=200 + shade))

        sent = {"file": chosen(photo(shade=210))}
        answer = signed_in(customer).post(page("upload", "other"), sent)

        assert answer.status_code == 422
        assert "5 other papers wait for us already" in answer.content.decode()
        assert Document.objects.filter(customer=customer).count() == 5

    def test_judges_the_bytes_and_not_the_name_which_is_kept_nowhere(self):
        client = signed_in(CustomerFactory())

        answer = client.post(
            page("upload", "other"), {"file": chosen(b"<html>x</html>", name="canary-name.jpg")}
        )
        assert answer.status_code == 422
        assert "We cannot read this kind of file" in answer.content.decode()

        answer = client.post(
            page("upload", "other"), {"file": chosen(photo(shade=62), name="canary-name.exe")}
        )
        assert answer.status_code == 303
        row = Document.objects.values().get()
        assert "canary-name" not in str(row)

    def test_says_how_large_a_large_file_is_and_reads_only_its_size(self):
        client = signed_in(CustomerFactory())

        answer = client.post(
            page("upload", "id-front"), {"file": chosen(b"\xff\xd8\xff" + b"\0" * 14 * 1024 * 1024)}
        )

        assert answer.status_code == 422
        assert "This file is 14.1 MB. The most we can take is 5 MB." in answer.content.decode()

    def test_does_not_read_a_request_without_end(self):
        client = signed_in(CustomerFactory())

        answer = client.post(
            page("upload", "id-front"),
            b"--x\r\n\r\n--x--",
            content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(MOST_SENT + 1),
        )

        assert answer.status_code == 400

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (papers.HEIC, "This is HEIC, which we cannot read."),
            (b"", "This file is empty"),
            (papers.pdf(pages=21), "This PDF has 21 pages"),
        ],
        ids=["heic", "empty", "long"],
    )
    def test_says_what_is_wrong_and_what_to_do(self, content, words):
        answer = signed_in(CustomerFactory()).post(
            page("upload", "proof-of-income"), {"file": chosen(content)}
        )

        assert answer.status_code == 422 and words in answer.content.decode()
        assert not Document.objects.exists()

    def test_asks_for_a_file(self):
        answer = signed_in(CustomerFactory()).post(page("upload", "selfie"), {})

        assert answer.status_code == 422
        assert "Choose a photo or a PDF" in answer.content.decode()

    def test_asks_for_the_date_of_a_proof_of_address_and_keeps_it(self):
        client = signed_in(CustomerFactory())
        day = timezone.localdate() - timedelta(days=30)
        told = {"issued_date_0": day.day, "issued_date_1": day.month, "issued_date_2": day.year}

        without = client.post(page("upload", "proof-of-address"), {"file": chosen(papers.pdf())})
        answer = client.post(
            page("upload", "proof-of-address"), told | {"file": chosen(papers.pdf())}
        )

        assert (without.status_code, answer.status_code) == (422, 303)
        assert Document.objects.get().issued_date == day

    def test_goes_nowhere_else_and_knows_no_other_papers(self):
        client = signed_in(CustomerFactory())
        elsewhere = {"next": "//elsewhere.example", "file": chosen(photo(shade=63))}

        assert client.post(page("upload", "selfie"), elsewhere)["Location"] == "/documents/"
        assert client.get(page("upload", "tax-return")).status_code == 404

    def test_is_for_customers(self):
        client = Client()
        client.force_login(UserFactory(is_staff=True))

        assert client.get(page("upload", "selfie")).status_code == 404
        assert client.get(page("index")).status_code == 404
        assert Client().get(page("index")).status_code == 302


class TestSee:
    def test_shows_ones_own_by_a_link_and_writes_the_look_down(self):
        document = DocumentFactory()
        client = signed_in(document.customer)

        link = client.get(page("see", document.public_id))["Location"]
        answer = client.get(link)

        assert answer.status_code == 200 and answer.content[:3] == b"\xff\xd8\xff"
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Disposition"] == 'inline; filename="id-front.jpg"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        [view] = DocumentView.objects.all()
        assert (view.user, view.why) == (document.customer.user, "own document")

    def test_gives_a_pdf_as_a_download(self):
        content = papers.pdf(words=b"payslip")
        document = DocumentFactory(kind="PROOF_OF_INCOME", content=content)
        client = signed_in(document.customer)

        answer = client.get(page("see", document.public_id), follow=True)

        assert answer["Content-Disposition"] == 'attachment; filename="proof-of-income.pdf"'
        assert b"payslip" in papers.words_of(answer.content)

    def test_of_somebody_else_looks_like_nothing(self):
        document = DocumentFactory()
        client = signed_in(CustomerFactory())

        theirs = client.get(page("see", document.public_id))
        absent = client.get(page("see", uuid4()))

        assert theirs.status_code == absent.status_code == 404
        assert not DocumentView.objects.exists()

    def test_ends_after_five_minutes(self):
        document = DocumentFactory()
        client = signed_in(document.customer)
        facts = {
            "user": document.customer.user,
            "session_key": client.session.session_key,
            "why": "own document",
        }
        now = timezone.now()

        fresh = queries.link_of(document, **facts, at=now - timedelta(seconds=295))
        ended = queries.link_of(document, **facts, at=now - timedelta(seconds=301))

        assert client.get(page("file", fresh)).status_code == 200
        assert client.get(page("file", ended)).status_code == 404
        assert DocumentView.objects.count() == 1

    def test_by_a_link_of_another_session_or_user_or_a_changed_one_is_nothing(self):
        document = DocumentFactory()
        mine = signed_in(document.customer)
        link = mine.get(page("see", document.public_id))["Location"]
        token = link.strip("/").rpartition("/")[2]

        again = signed_in(document.customer)  # The same person at another browser.
        stranger = signed_in(CustomerFactory())
        changed = page("file", ("A" if token[0] != "A" else "B") + token[1:])

        assert again.get(link).status_code == stranger.get(link).status_code == 404
        assert mine.get(changed).status_code == mine.get(page("file", "none")).status_code == 404
        assert Client().get(link).status_code == 302
        assert not DocumentView.objects.exists()

    def test_shows_the_thumbnail_by_a_link_of_its_own(self):
        document = DocumentFactory()
        client = signed_in(document.customer)
        token = queries.link_of(
            document,
            user=document.customer.user,
            session_key=client.session.session_key,
            why="list",
            part="thumbnail",
            at=timezone.now(),
        )

        answer = client.get(page("file", token))

        assert answer["Content-Type"] == "image/jpeg"
        assert DocumentView.objects.get().part == "thumbnail"
