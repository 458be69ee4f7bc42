from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.storage import storages
from django.db import connection

from accounts.access import rotation
from accounts.documents import operations as documents
from accounts.documents import queries
from accounts.documents.models import Document, DocumentView
from accounts.documents.tests import papers
from accounts.factories import CustomerFactory, DocumentFactory, actor_of, photo
from ledger.controls.models import AuditEntry
from wekeza.kit import sealed_files
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.encryption import Undecipherable

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
OFFICER = Actor("STAFF", "1", person="person:officer")
State, Kind = Document.State, Document.Kind
OLD = "test:" + "A" * 43 + "="
NEW = "second:" + "B" * 43 + "="


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """A folder of sealed files for this test alone."""
    options = settings.STORAGES["documents"]["OPTIONS"] | {"location": tmp_path / "documents"}
    documents_storage = settings.STORAGES["documents"] | {"OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"documents": documents_storage}
    return tmp_path / "documents"


def sealed_paths(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def send(customer, content, kind=Kind.ID_FRONT, **more):
    return documents.upload(
        owner_ref=customer.owner_ref,
        customer=customer,
        kind=kind,
        content=content,
        actor=actor_of(customer),
        at=NOON,
        **more,
    )


class TestUpload:
    @pytest.mark.proves("CK21")
    def test_stages_a_clean_sealed_copy(self, own_folder):
        customer = CustomerFactory()

        document = send(customer, papers.photo_with_place())

        assert (document.state, document.content_type) == (State.STAGED, "image/jpeg")
        assert (document.owner_ref, document.uploaded_at) == (customer.owner_ref, NOON)
        assert len(sealed_paths(own_folder)) == 2  # The picture and its thumbnail.
        opened = sealed_files.get(document, "file")
        assert opened[:3] == b"\xff\xd8\xff" and len(opened) == document.size_bytes
        assert AuditEntry.objects.filter(deed="document.uploaded").count() == 1

    @pytest.mark.proves("SC28", "SE05")
    def test_leaves_no_plain_word_on_the_disk_or_in_the_database(self, own_folder, tmp_path):
        document = send(CustomerFactory(), papers.pdf(words=papers.CANARY), kind=Kind.OTHER)

        opened = sealed_files.get(document, "file")
        assert papers.CANARY in papers.words_of(opened)  # It is really in there.
        for path in (path for path in tmp_path.rglob("*") if path.is_file()):
            assert papers.CANARY not in path.read_bytes()
            assert not any(opened[at : at + 24] in path.read_bytes() for at in range(0, 400, 8))
            assert b"%PDF" not in path.read_bytes()
            assert path.stat().st_mode & 0o077 == 0
        assert _columns_holding(papers.CANARY.decode()) == []

    def test_gives_the_same_document_for_the_same_file(self, own_folder):
        customer, content = CustomerFactory(), photo(shade=41)

        first, again = send(customer, content), send(customer, content)

        assert first == again
        assert Document.objects.count() == 1 and len(sealed_paths(own_folder)) == 2

    def test_keeps_no_fingerprint_by_which_two_customers_could_be_compared(self):
        content = photo(shade=42)

        mine, theirs = send(CustomerFactory(), content), send(CustomerFactory(), content)

        assert mine.content_index != theirs.content_index

    def test_refuses_the_same_file_as_another_paper(self):
        customer, content = CustomerFactory(), photo(shade=43)
        send(customer, content)

        with pytest.raises(documents.SameFile) as refused:
            send(customer, content, kind=Kind.SELFIE)
        assert "Front of your ID" in str(refused.value)

    def test_refuses_the_very_file_that_was_declined(self):
        customer, content = CustomerFactory(), photo(shade=44)
        documents.decline(send(customer, content), reason="BLURRED", actor=OFFICER, at=NOON)

        with pytest.raises(documents.DeclinedBefore):
            send(customer, content)

    def test_lets_a_better_photo_take_the_place_of_one_that_waits(
        self, own_folder, django_capture_on_commit_callbacks
    ):
        customer = CustomerFactory()
        first = send(customer, photo(shade=45))

        with django_capture_on_commit_callbacks(execute=True):
            better = send(customer, photo(shade=46))

        first.refresh_from_db()
        assert (first.state, first.file, first.reason) == (State.DISPOSED, "", "RESENT")
        assert better.state == State.STAGED
        assert len(sealed_paths(own_folder)) == 2

    @pytest.mark.parametrize(
        ("size", "refusal"),
        [(0, documents.EmptyFile), (5 * 1024 * 1024 + 1, documents.FileTooLarge)],
    )
    def test_refuses_what_is_empty_or_too_large_and_keeps_nothing(self, own_folder, size, refusal):
        with pytest.raises(refusal):
            send(CustomerFactory(), b"\xff\xd8\xff"[:size].ljust(size, b"\0"))
        assert not Document.objects.exists() and sealed_paths(own_folder) == []

    @pytest.mark.parametrize(
        ("size", "words"),
        [(14 * 1024**2, "14 MB"), (5 * 1024**2 + 1, "5.1 MB"), (5_452_595, "5.2 MB")],
    )
    def test_says_how_large_it_is_and_how_large_it_may_be(self, size, words):
        with pytest.raises(documents.FileTooLarge) as refused:
            documents.refuse_size(size, at=NOON)
        assert str(refused.value) == (
            f"This file is {words}. The most we can take is 5 MB. "
            "Take the photo again at a lower size"
        )


class TestTheDaysOnAPaper:
    """NOON is on 20 November 2026; a proof of address may be three months old."""

    @pytest.mark.parametrize(
        ("issued", "refusal"),
        [
            (None, documents.PaperUndated),
            (date(2026, 8, 19), documents.PaperTooOld),
            (date(2026, 11, 21), documents.PaperFromTomorrow),
        ],
    )
    def test_must_be_recent_for_an_address(self, issued, refusal):
        with pytest.raises(refusal):
            send(CustomerFactory(), papers.pdf(), kind=Kind.PROOF_OF_ADDRESS, issued_date=issued)

    def test_may_be_three_months_ago(self):
        document = send(
            CustomerFactory(),
            papers.pdf(),
            kind=Kind.PROOF_OF_ADDRESS,
            issued_date=date(2026, 8, 20),
        )
        assert document.state == State.STAGED

    def test_must_not_be_over(self):
        with pytest.raises(documents.PaperOver) as refused:
            send(CustomerFactory(), photo(shade=49), expires_date=date(2026, 11, 19))
        assert "19 Nov 2026" in str(refused.value)


class TestDeciding:
    @pytest.mark.proves("CK22", "SC28")
    def test_accepts_a_paper_and_lets_the_one_before_go(self):
        customer = CustomerFactory()
        first = documents.approve(send(customer, photo(shade=51)), actor=OFFICER, at=NOON)
        second = send(customer, photo(shade=52))
        first.refresh_from_db()
        assert first.state == State.ACTIVE  # Until the newer one is accepted.

        second = documents.approve(second, actor=OFFICER, at=NOON, expires_date=date(2031, 1, 31))

        first.refresh_from_db()
        assert (first.state, first.reason) == (State.EXPIRED, "REPLACED")
        assert (second.state, second.expires_date) == (State.ACTIVE, date(2031, 1, 31))
        assert (second.decided_by, second.decided_at) == ("STAFF:1", NOON)

    def test_is_done_once(self):
        document = send(CustomerFactory(), photo(shade=53))
        documents.decline(document, reason="GLARE", actor=OFFICER, at=NOON)

        with pytest.raises(documents.AlreadyDecided):
            documents.approve(document, actor=OFFICER, at=NOON)
        with pytest.raises(documents.AlreadyDecided):
            documents.decline(document, reason="GLARE", actor=OFFICER, at=NOON)

    def test_lets_a_paper_expire_after_its_last_day(self):
        document = send(CustomerFactory(), photo(shade=54), expires_date=date(2026, 11, 20))
        documents.approve(document, actor=OFFICER, at=NOON)

        assert documents.expire_due(on=date(2026, 11, 20), actor=SYSTEM) == 0
        assert documents.expire_due(on=date(2026, 11, 21), actor=SYSTEM) == 1
        assert documents.expire_due(on=date(2026, 11, 21), actor=SYSTEM) == 0
        document.refresh_from_db()
        assert document.state == State.EXPIRED


class TestLook:
    def test_writes_down_who_looked_when_and_why(self):
        document = DocumentFactory()
        user = document.customer.user

        content = documents.look(
            document, user=user, why="review of a request", actor=OFFICER, at=NOON
        )

        assert content[:3] == b"\xff\xd8\xff"
        [view] = queries.views_of(document)
        assert (view.actor, view.why, view.seen_at) == ("STAFF:1", "review of a request", NOON)
        assert list(queries.views_of_customer(document.customer)) == [view]

    def test_needs_a_reason(self):
        with pytest.raises(documents.PurposeMissing):
            documents.look(DocumentFactory(), user=None, why=" ", actor=OFFICER, at=NOON)
        assert not DocumentView.objects.exists()

    def test_finds_nothing_in_a_part_that_is_not_there(self):
        paper = send(CustomerFactory(), papers.pdf(), kind=Kind.PROOF_OF_INCOME)

        for part in ("thumbnail", "public_id"):
            with pytest.raises(documents.NoSuchDocument):
                documents.look(paper, user=None, why="x", part=part, actor=OFFICER, at=NOON)


class TestSealedFiles:
    @pytest.mark.proves("SC28")
    @pytest.mark.parametrize("place", [0, 10, 30, -1])
    def test_do_not_open_with_a_flipped_bit(self, own_folder, place):
        document = DocumentFactory()
        path = _path_of(own_folder, document.file)
        content = bytearray(path.read_bytes())
        content[place] ^= 1
        path.write_bytes(bytes(content))

        with pytest.raises(Undecipherable):
            sealed_files.get(document, "file")

    @pytest.mark.parametrize("change", [lambda c: c[:-1], lambda c: c[:20], lambda c: c + b"\0"])
    def test_do_not_open_when_cut_off_or_longer(self, own_folder, change):
        document = DocumentFactory()
        path = _path_of(own_folder, document.file)
        path.write_bytes(change(path.read_bytes()))

        with pytest.raises(Undecipherable):
            sealed_files.get(document, "file")

    def test_do_not_open_for_another_document_or_as_another_kind_or_part(self):
        mine, theirs = DocumentFactory(), DocumentFactory()

        mine.file, kept = theirs.file, mine.file
        with pytest.raises(Undecipherable):
            sealed_files.get(mine, "file")
        mine.file, mine.kind = kept, Kind.SELFIE
        with pytest.raises(Undecipherable):
            sealed_files.get(mine, "file")
        mine.kind, mine.file = Kind.ID_FRONT, mine.thumbnail
        with pytest.raises(Undecipherable):
            sealed_files.get(mine, "file")

    def test_are_sealed_anew_by_rotation_so_that_the_old_key_can_go(self, own_folder, settings):
        settings.WEKEZA_KEYS = OLD
        document = DocumentFactory()
        before = sealed_files.get(document, "file")
        settings.WEKEZA_KEYS = f"{NEW},{OLD}"

        done = rotation.rotate()

        assert done["accounts.Document.file"] == done["accounts.Document.thumbnail"] == 1
        assert set(rotation.rotate().values()) == {0}
        assert len(sealed_paths(own_folder)) == 2
        settings.WEKEZA_KEYS = NEW
        # Read before the rotation: it finds the new place by itself.
        assert sealed_files.get(document, "file") == before
        assert document.file.startswith("second:")
        assert all(b"second" in path.read_bytes()[:20] for path in sealed_paths(own_folder))

    def test_of_deeds_that_were_undone_are_swept_a_day_later(self, own_folder):
        document = DocumentFactory()
        sealed_files.put(
            document, "file", b"left by a process that died before its row was written"
        )
        assert len(sealed_paths(own_folder)) == 3

        assert documents.sweep(before=datetime.now(UTC) - timedelta(days=1)) == 0
        assert documents.sweep(before=datetime.now(UTC) + timedelta(minutes=1)) == 1

        assert sealed_files.get(document, "file")[:3] == b"\xff\xd8\xff"
        assert documents.sweep(before=datetime.now(UTC) + timedelta(minutes=1)) == 0

    def test_of_a_new_bank_are_none_to_sweep(self):
        assert documents.sweep(before=NOON) == 0


class TestDispose:
    def test_lets_go_of_the_file_at_once_while_nobody_looked_at_it(
        self, own_folder, django_capture_on_commit_callbacks
    ):
        document = DocumentFactory()

        with django_capture_on_commit_callbacks(execute=True):
            documents.dispose(document, reason="sent by mistake", actor=OFFICER, at=NOON)

        document.refresh_from_db()
        assert (document.state, document.file, document.thumbnail) == (State.DISPOSED, "", "")
        assert sealed_paths(own_folder) == []
        with pytest.raises(documents.NoSuchDocument):
            documents.look(document, user=None, why="x", actor=OFFICER, at=NOON)

    def test_keeps_what_was_decided_while_its_owner_banks_here(self):
        document = documents.approve(DocumentFactory(), actor=OFFICER, at=NOON)

        with pytest.raises(documents.StillNeeded):
            documents.dispose(document, reason="asked to", actor=OFFICER, at=NOON)

    def test_keeps_it_seven_years_after_the_last_account_was_closed(self):
        document = documents.approve(DocumentFactory(), actor=OFFICER, at=NOON)
        customer = document.customer
        customer.deposit_accounts.update(closed_date=date(2026, 2, 28))
        customer.status = customer.Status.CLOSED
        customer.save()

        with pytest.raises(documents.KeptByLaw) as refused:
            documents.dispose(
                document, reason="x", actor=OFFICER, at=datetime(2033, 2, 28, 20, 0, tzinfo=UTC)
            )
        assert "28 Feb 2033" in str(refused.value)
        # 21:00 UTC is midnight in Nairobi: the first of March.
        gone = documents.dispose(
            document, reason="x", actor=OFFICER, at=datetime(2033, 2, 28, 21, 0, tzinfo=UTC)
        )
        assert gone.state == State.DISPOSED


def _path_of(folder, place):
    name = place.rpartition(":")[2]
    return folder / name[:2] / name


def _columns_holding(words):
    """Every column of text, JSON or bytes of every table that holds the words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type IN"
            " ('text', 'character varying', 'jsonb', 'bytea')"
        )
        columns = cursor.fetchall()
        found = []
        for table, column in columns:
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [f'"{table}"'])
            if not cursor.fetchone()[0]:
                continue
            cursor.execute(
                f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE "{column}"::text LIKE %s)',
                [f"%{words}%"],
            )
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


def test_the_storage_is_a_folder_of_the_bank_by_default():
    from wekeza.kit.sealed_files import DurableStorage

    assert isinstance(storages["documents"], DurableStorage)
