"""Who is asked about, the cases that come of it, and the two persons who decide them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.screening import lists, rescreening
from accounts.screening import operations as screening
from accounts.screening.facts import IdNumber, Kind
from accounts.screening.models import Hit, ListVersion, ScreeningRun
from accounts.screening.tests.steps import (
    CHIEF,
    LISTED,
    NOON,
    OFFICER,
    end,
    finish,
    load,
    load_file,
    screen,
    somebody,
)
from ledger.controls.models import OutboxMessage
from ledger.proofs.queries import prove
from wekeza.kit.actor import SYSTEM

PROOFS = Path(screening.__file__).parent / "proofs"


class TestScreen:
    @pytest.mark.proves("AM14")
    def test_opens_a_case_for_whoever_is_like_somebody_on_a_sanctions_list(self, db):
        version = load_file("UN_CONSOLIDATED", "consolidated.xml")
        asked = somebody("Hussein Mohamed Kubuniwa")

        found = screen(asked)

        [hit] = found.hits
        assert (hit.state, hit.outcome, hit.score) == ("OPEN", "BLOCK", Decimal(1))
        assert hit.entry.source_uid == "6900001"
        assert found.standing.is_held
        assert found.run.version_ids == [version.pk]
        assert OutboxMessage.objects.get(event="screening.case_opened").payload == {
            "hit": hit.pk,
            "owner_ref": asked.owner_ref,
        }

    @pytest.mark.proves("AM14")
    def test_finds_a_politically_exposed_person_and_does_not_hold_them(self, db):
        load_file("PEP", "pep.csv")

        found = screen(somebody("Neema Wazua Kielelezo", date_of_birth=date(1966, 3, 3)))

        assert [hit.outcome for hit in found.hits] == ["BLOCK"]
        assert not found.standing.is_held

    @pytest.mark.parametrize(
        ("day", "is_found"), [(date(2026, 9, 14), True), (date(2026, 9, 15), False)]
    )
    def test_forgets_who_left_office_24_months_ago(self, db, day, is_found):
        load_file("PEP", "pep.csv")
        asked = somebody("Otoyo Mfanyia Siasa", date_of_birth=date(1961, 5, 9))
        at = NOON.replace(year=day.year, month=day.month, day=day.day)

        found = screening.screen(asked, cause="CHANGE", at=at, actor=OFFICER)

        assert bool(found.hits) is is_found

    def test_keeps_that_it_was_done_and_not_what_was_asked(self, deny):
        asked = somebody("Halima Nobody")

        run = screen(asked).run

        assert (run.outcome, run.best_score) == ("CLEAR", None)
        assert len(run.asked_hash) == 64
        assert run.asked_hash == screen(asked).run.asked_hash
        assert run.asked_hash != screen(replace(asked, gender="F")).run.asked_hash
        assert ScreeningRun.objects.filter(owner_ref=asked.owner_ref).count() == 3

    def test_works_before_any_list_is_loaded(self, db):
        assert screen(somebody("Halima Nobody")).run.version_ids == []

    def test_finds_the_same_document_under_another_name(self, db):
        load_file("OFAC_SDN_CSV", "sdn.csv", "add.csv", "alt.csv")
        asked = somebody("Another Name", ids=(IdNumber("20991234", "KE"),))

        [hit] = screen(asked).hits

        assert (hit.score, hit.source_uid) == (1, "90001")
        assert hit.parts["parts"]["document_number"] == "1.0000"

    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [
            ("Hamisi Binzubeir", "Hamisi bin Zubeir"),
            ("Hamisi bin Zubeir", "Hamisi Binzubeir"),
            ("Cabdiraxmaan Xasan", "Abdirahman Hassan"),
        ],
    )
    def test_finds_a_name_that_is_written_in_other_words(self, db, ours, theirs):
        version = load(rows=[f"D-1,{theirs},1980-07-04,,,,,"])
        asked = [somebody(ours)]

        [together] = screening.screen_changes(asked, version=version, at=NOON, actor=SYSTEM)
        alone = screen(somebody(ours))

        assert [hit.outcome for hit in (*alone.hits, *together.hits)] == ["BLOCK", "BLOCK"]

    def test_sends_a_weak_alias_to_review_only(self, deny):
        asked = somebody("Bazu", date_of_birth=None, nationalities=(), ids=())

        assert [(hit.outcome, hit.score) for hit in screen(asked).hits] == [
            ("REVIEW", Decimal("0.85"))
        ]

    def test_compares_companies_with_companies(self, db):
        load_file("DENY", "deny.csv")
        company = somebody("Udanganyifu Holdings Ltd", kind=Kind.ENTITY, date_of_birth=None)

        assert screen(company).hits
        assert not screen(replace(company, kind=Kind.PERSON)).hits

    def test_opens_one_case_however_often_it_is_asked(self, deny):
        asked = somebody("Baraka Tapeli Kimfano")

        first, again = screen(asked).hits, screen(asked, cause="CHANGE").hits

        assert first == again
        assert Hit.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_opens_one_case_when_two_ask_at_once(self):
        load("KE_DOMESTIC", rows=[LISTED], at=NOON + timedelta(days=1))
        asked = somebody("Baraka Tapeli Kimfano", owner_ref=f"race:{uuid4()}")

        def ask(_):
            try:
                return [hit.pk for hit in screen(asked).hits]
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(ask, range(2))
        assert first == second
        assert Hit.objects.filter(owner_ref=asked.owner_ref).count() == len(first)


class TestScreenChanges:
    def test_compares_many_with_what_a_version_brought_and_nothing_else(self, deny):
        finish(deny)
        old, new = somebody("Baraka Tapeli Kimfano"), somebody("Zawadi Ndoto Mpya")
        version = load(rows=[LISTED, "D-2,Zawadi Ndoto Mpya,1980-07-04,,,,,"])

        done = screening.screen_changes([old, new], version=version, at=NOON, actor=SYSTEM)

        assert [[hit.source_uid for hit in one.hits] for one in done] == [[], ["D-2"]]
        assert [one.run.cause for one in done] == ["LIST_UPDATE"] * 2

    def test_leaves_what_a_replaced_version_brought_to_the_one_in_force(self, deny):
        newest = load(rows=[LISTED, "D-2,Zawadi Ndoto Mpya,,,,,,"])
        asked = [somebody("Baraka Tapeli Kimfano")]

        early = screening.screen_changes(asked, version=deny, at=NOON, actor=SYSTEM)
        [done] = screening.screen_changes(asked, version=newest, at=NOON, actor=SYSTEM)

        assert early == []
        assert [hit.source_uid for hit in done.hits] == ["D-1"]

    def test_compares_again_with_whoever_was_off_the_list_for_a_while(self, deny):
        finish(deny)
        without = load(rows=["D-2,Zawadi Ndoto Mpya,,,,,,"])
        lists.accept_list(payload={"version": without.pk}, approval=None, actor=CHIEF, at=NOON)
        back = load(rows=[LISTED, "D-2,Zawadi Ndoto Mpya,,,,,,"])
        came_meanwhile = [somebody("Baraka Tapeli Kimfano")]

        [done] = screening.screen_changes(came_meanwhile, version=back, at=NOON, actor=SYSTEM)

        assert [hit.source_uid for hit in done.hits] == ["D-1"]

    def test_finds_what_asking_one_by_one_finds(self, db):
        version = load_file("UN_CONSOLIDATED", "consolidated.xml")
        names = ["Mohammed Husein Kubuniwa", "Mfano Zawadi", "Uzushi Abu", "Halima Nobody"]
        alone = [screen(somebody(name, date_of_birth=None)) for name in names]
        asked = [somebody(name, date_of_birth=None) for name in names]

        together = screening.screen_changes(asked, version=version, at=NOON, actor=SYSTEM)

        assert [[(hit.source_uid, hit.score) for hit in one.hits] for one in together] == [
            [(hit.source_uid, hit.score) for hit in one.hits] for one in alone
        ]


class TestAVersion:
    RANGES = ((1, 500), (501, 900))

    def hand_out(self, version, room, ranges=RANGES):
        return rescreening.hand_out(version=version.pk, room=room, ranges=ranges)

    def finish(self, version, room, *ranges):
        with transaction.atomic():
            for first, last in ranges:
                rescreening.finish(version=version.pk, room=room, first=first, last=last, at=NOON)
        version.refresh_from_db()

    def test_is_screened_when_every_chunk_of_every_room_is_done(self, deny):
        assert self.hand_out(deny, "customers") == [*self.RANGES]
        self.finish(deny, "customers", *self.RANGES)
        assert deny.screened_at is None, "businesses have handed out nothing yet"

        self.finish(deny, "businesses", *self.hand_out(deny, "businesses", ranges=()))

        assert deny.screened_at == NOON

    def test_gives_a_lost_chunk_out_again(self, deny):
        self.finish(deny, "businesses", *self.hand_out(deny, "businesses", ranges=()))
        first, second = self.hand_out(deny, "customers")
        self.finish(deny, "customers", first)
        assert deny.screened_at is None

        assert self.hand_out(deny, "customers") == [second]

    def test_that_was_replaced_is_never_screened(self, deny):
        for room in rescreening.ROOMS:
            self.hand_out(deny, room)
        load(rows=[LISTED, "D-2,Zawadi Ndoto Mpya,,,,,,"])

        for room in rescreening.ROOMS:
            self.finish(deny, room, *self.RANGES)

        assert deny.screened_at is None

    def test_in_force_that_nobody_finished_is_told_by_a_proof(self, deny):
        def fault():
            proofs = {proof.name: proof for proof in prove(more=PROOFS.glob("P*.sql"))}
            return proofs["P19_everybody_is_compared_with_new_lists"].faults

        def begun(hours, *, written):
            times = [timezone.now() - timedelta(hours=ago) for ago in (hours, written)]
            ListVersion.objects.filter(pk=deny.pk).update(decided_at=times[0], created_at=times[1])

        begun(hours=23, written=23)
        assert fault() == []
        begun(hours=9_000, written=1)
        assert fault() == [], "a demo bank's, of a year ago"
        begun(hours=25, written=25)
        self.hand_out(deny, "customers")

        [(subject, words)] = fault()

        assert subject.startswith("list DENY") and "2 of 2 chunks" in words
        finish(deny)
        assert fault() == []


class TestANameThatCannotBeCompared:
    @pytest.mark.parametrize(
        "name", ["محمد علي حسن", "Моhаmmеd Аli Наssаn", "12345 ???", "", "Nuru Ə"]
    )
    def test_is_looked_at_by_somebody(self, deny, name):
        found = screen(somebody(name))

        [hit] = found.hits
        assert (found.run.outcome, found.run.best_score) == ("REVIEW", None)
        assert (hit.is_unreadable, hit.source) == (True, "Name that cannot be compared")
        assert hit.ours["name"] == name
        assert screening.screen_changes([somebody(name)], version=deny, at=NOON, actor=SYSTEM)[
            0
        ].hits, "when a list changes too"

    def test_is_one_case_until_the_name_is_another(self, deny):
        asked = somebody("محمد علي حسن", owner_ref="test:unread")
        [hit] = screen(asked).hits
        assert screen(asked).hits == [hit]
        end(hit, "CLEARED")
        assert screen(asked).hits == []

        assert screen(replace(asked, names=("علي",))).hits, "cleared for that name only"

    @pytest.mark.parametrize("name", ["Wanjikũ Mũgo", "Ng’ang’a Łukasz", "O'Brien Ŋundo"])
    def test_is_none_in_latin_letters_with_marks(self, deny, name):
        assert screen(somebody(name)).run.outcome == "CLEAR"
