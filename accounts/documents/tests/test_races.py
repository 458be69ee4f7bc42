"""Two at once, and a process that dies half way; these tests commit."""

import pytest

from accounts.access import rotation
from accounts.documents import operations as documents
from accounts.documents.models import Document
from accounts.documents.tests.test_operations import NEW, NOON, OLD, sealed_paths, send
from accounts.factories import CustomerFactory, DocumentFactory, photo
from ledger.tests.racing import at_once, refused
from wekeza.kit import sealed_files
from wekeza.kit.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def own_folder(settings, tmp_path):
    """A folder of sealed files for this test alone; of a bank that is its own, too."""
    options = settings.STORAGES["documents"]["OPTIONS"] | {"location": tmp_path}
    settings.STORAGES = settings.STORAGES | {
        "documents": settings.STORAGES["documents"] | {"OPTIONS": options}
    }
    return tmp_path


class TestUpload:
    def test_of_one_file_twice_at_once_keeps_one_document(self):
        customer, content = CustomerFactory(), photo(shade=71)

        got = at_once(2, lambda number: send(customer, content))

        assert len({document.pk for document in got}) == 1
        assert Document.objects.filter(customer=customer).count() == 1
        assert sealed_files.get(got[0], "file")

    def test_of_two_photos_at_once_leaves_one_waiting(self):
        customer = CustomerFactory()

        got = at_once(2, lambda number: send(customer, photo(shade=72 + number)))

        assert len(refused(got)) <= 1  # Or the second came later, and took over.
        waiting = Document.objects.filter(customer=customer, state="STAGED")
        assert waiting.count() == 1
        assert sealed_files.get(waiting.get(), "file")


class TestDeciding:
    def test_at_once_happens_once(self):
        document = DocumentFactory()

        got = at_once(
            2,
            lambda number: documents.approve(
                document, actor=Actor("STAFF", str(number), person=f"person:{number}"), at=NOON
            ),
        )

        assert len(refused(got)) == 1 and refused(got)[0].code == "document_already_decided"


class TestRotation:
    def test_that_dies_before_the_swap_leaves_the_old_file_in_force(
        self, empty_bank, own_folder, settings, monkeypatch
    ):
        settings.WEKEZA_KEYS = OLD
        document = DocumentFactory()
        settings.WEKEZA_KEYS = f"{NEW},{OLD}"

        class Died(BaseException):
            pass

        def die(*_, **__):
            raise Died

        with monkeypatch.context() as patch:
            patch.setattr(rotation, "_swap", die)
            with pytest.raises(Died):
                rotation.rotate()
        document.refresh_from_db()
        assert document.file.startswith("test:") and sealed_files.get(document, "file")

        rotation.rotate()

        document.refresh_from_db()
        assert document.file.startswith("second:") and sealed_files.get(document, "file")
        assert len(sealed_paths(own_folder)) == 3  # One was left by the death,
        documents.sweep(before=_tomorrow())
        assert len(sealed_paths(own_folder)) == 2  # and is swept.

    def test_that_dies_after_the_swap_leaves_the_new_file_in_force(
        self, empty_bank, own_folder, settings, monkeypatch
    ):
        settings.WEKEZA_KEYS = OLD
        document = DocumentFactory()
        settings.WEKEZA_KEYS = f"{NEW},{OLD}"

        class Died(BaseException):
            pass

        def die(*_, **__):
            raise Died

        with monkeypatch.context() as patch:
            patch.setattr(sealed_files, "discard", die)
            with pytest.raises(Died):
                rotation.rotate()

        document.refresh_from_db()
        assert document.file.startswith("second:") and sealed_files.get(document, "file")

    def test_leaves_files_open_to_those_who_read_meanwhile(self, empty_bank, own_folder, settings):
        settings.WEKEZA_KEYS = OLD
        read_before = [DocumentFactory() for _ in range(3)]
        settings.WEKEZA_KEYS = f"{NEW},{OLD}"

        def deed(number):
            if number == 0:
                return rotation.rotate()
            return [
                sealed_files.get(Document.objects.get(pk=document.pk), "file")[:3]
                for document in read_before
                for _ in range(20)
            ]

        _, *reads = at_once(3, deed)

        assert {head for read in reads for head in read} == {b"\xff\xd8\xff"}


def _tomorrow():
    from datetime import UTC, datetime, timedelta

    return datetime.now(UTC) + timedelta(days=1)
