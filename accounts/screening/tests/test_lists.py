"""Loading lists: whole or not at all, by one person, or two where they shrink."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.screening import lists, queries
from accounts.screening.models import ListEntry, ListName, ListVersion, ScreeningRun
from accounts.screening.refusals import (
    ListMoved,
    MalformedList,
    NobodyBehindIt,
    NoSuchList,
    OlderList,
    SamePerson,
    VersionDecided,
)
from accounts.screening.tests.steps import (
    CHIEF,
    DATA,
    LOADER,
    NOON,
    finish,
    load,
    load_file,
    screen,
    somebody,
)
from ledger.controls.models import AuditEntry, OutboxMessage
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
SHA256_OF_CONSOLIDATED = "b433fe3abe139883e33b775f5c07433516d3272a897f9f4bc7c841a6c0ff4c71"
MADE_UP = [
    "Baraka Tapeli", "Neema Kielelezo", "Zawadi Ndoto", "Otoyo Siasa", "Kamene Uzushi",
    "Hodan Qarsoon", "Lekina Porini", "Chidi Okeke Ala", "Igor Nebyl", "Zuhura Kiwanda",
]  # fmt: skip
TEN = [f"D-{number},{name},,,,,," for number, name in enumerate(MADE_UP)]


class TestLoad:
    @pytest.mark.parametrize(
        ("code", "files", "entries", "names", "published"),
        [
            ("OFAC_SDN", ["sdn.xml"], 4, 6, date(2026, 11, 20)),
            ("OFAC_SDN_CSV", ["sdn.csv", "add.csv", "alt.csv"], 4, 7, NOON.date()),
            ("UN_CONSOLIDATED", ["consolidated.xml"], 3, 6, date(2026, 11, 19)),
            ("DENY", ["deny.csv"], 2, 5, NOON.date()),
            ("PEP", ["pep.csv"], 2, 2, NOON.date()),
        ],
    )
    def test_puts_every_format_in_force(self, code, files, entries, names, published):
        version = load_file(code, *files)

        assert version.state == "ACTIVE"
        assert (version.entry_count, version.name_count) == (entries, names)
        assert version.published_date == published
        assert ListName.objects.filter(entry__version=version).count() == names

    def test_keeps_the_hash_of_the_file_and_who_loaded_it(self):
        version = load_file("UN_CONSOLIDATED", "consolidated.xml")

        # sha256sum accounts/screening/tests/data/consolidated.xml
        assert version.sha256 == SHA256_OF_CONSOLIDATED
        assert version.loaded_person == LOADER.person
        assert AuditEntry.objects.filter(deed="screening.list_in_force").exists()
        event = OutboxMessage.objects.get(event="screening.list_in_force")
        assert event.payload == {"version": version.pk}

    def test_happens_once_however_often_it_is_asked(self):
        assert load(rows=TEN) == load(rows=TEN)
        assert ListVersion.objects.count() == 1

    def test_counts_what_is_new_changed_and_gone(self):
        finish(load(rows=TEN))
        changed = [TEN[0].replace("Tapeli", "Mtapeli"), *TEN[1:9], "D-10,Mtu Mpya,,,,,,"]
        version = load(rows=changed)

        assert (version.added_count, version.removed_count) == (2, 1)
        assert {entry.source_uid for entry in queries.changes_of(version)} == {"D-0", "D-10"}

    def test_searches_only_the_version_in_force_and_keeps_what_the_others_said(self):
        first, second = load(rows=TEN), load(rows=[*TEN, "D-10,Mtu Mpya,,,,,,"])
        first.refresh_from_db()

        assert (first.state, second.replaces) == ("RETIRED", first)
        assert not ListName.objects.filter(entry__version=first).exists()
        assert first.entries.count() == 10

    def test_loads_nothing_of_a_file_with_one_bad_row(self):
        with pytest.raises(MalformedList) as refused:
            load(rows=[*TEN, "D-11,,1970,,,,,", "D-12,Mtu,sometime,,,,,"])

        assert str(refused.value) == (
            "Nothing was loaded. Faults in the file: 2. "
            "line 12: entry D-11 has no name in Latin letters; "
            "line 13: sometime is no date of birth"
        )
        assert not ListVersion.objects.exists()

    def test_refuses_an_empty_list_and_one_too_large(self, monkeypatch):
        with pytest.raises(MalformedList):
            load(rows=[])
        monkeypatch.setattr(lists, "MOST_BYTES", 10)
        with pytest.raises(MalformedList):
            load(rows=TEN)

    def test_refuses_to_go_back_in_time(self):
        load(rows=TEN, published_date=date(2026, 11, 20))

        with pytest.raises(OlderList) as refused:
            load(rows=[*TEN, "D-10,Mtu,,,,,,"], published_date=date(2026, 11, 19))
        assert "2026-11-19" in str(refused.value)

    def test_refuses_a_task_without_a_person(self):
        with pytest.raises(NobodyBehindIt):
            load(rows=TEN, actor=SYSTEM)


class TestAListThatShrinks:
    @pytest.fixture
    def waiting(self):
        load(rows=TEN)
        return load(rows=TEN[:8], at=NOON + timedelta(hours=1))

    def accept(self, version, actor=CHIEF):
        return lists.accept_list(
            payload={"version": version.pk}, approval=None, actor=actor, at=NOON
        )

    def test_by_a_tenth_is_in_force_at_once(self):
        load(rows=TEN)

        assert load(rows=TEN[:9]).state == "ACTIVE"

    def test_by_more_waits_for_a_second_person(self, waiting):
        assert waiting.state == "PENDING"
        assert list(queries.versions_waiting()) == [waiting]
        [in_force] = queries.versions_in_force()
        assert in_force.entry_count == 10
        assert screen(somebody("Zuhura Kiwanda")).hits

    def test_waits_too_if_new_entries_or_fewer_names_hide_it(self):
        both = [line.replace(",,,,,,", ",,,,,Alias One;Alias Two,") for line in TEN]
        load(rows=TEN)
        swapped = [*TEN[:8], "D-20,Mtu Mpya,,,,,,", "D-21,Mtu Mgeni,,,,,,"]
        load("PEP", rows=both)

        assert load(rows=swapped, at=NOON + timedelta(hours=1)).state == "PENDING"
        bare = load("PEP", rows=TEN, at=NOON + timedelta(hours=1))
        assert (bare.state, bare.removed_count) == ("PENDING", 0)

    def test_comes_into_force_by_another_person(self, waiting):
        accepted = self.accept(waiting)

        assert accepted.state == "ACTIVE"
        assert accepted.accepted_person == CHIEF.person
        assert not screen(somebody("Zuhura Kiwanda")).hits
        with pytest.raises(VersionDecided):
            self.accept(waiting)

    def test_is_not_let_in_by_who_loaded_it(self, waiting):
        with pytest.raises(SamePerson):
            self.accept(waiting, actor=LOADER)
        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            ListVersion.objects.filter(pk=waiting.pk).update(accepted_person=LOADER.person)

    def test_can_be_refused(self, waiting):
        lists.refuse_list(waiting, reason="Half of it is missing", at=NOON, actor=CHIEF)

        assert waiting.state == "REFUSED"
        with pytest.raises(VersionDecided):
            lists.refuse_list(waiting, reason="Again", at=NOON, actor=CHIEF)

    def test_is_refused_by_itself_when_a_newer_file_comes(self, waiting):
        load(rows=[*TEN, "D-10,Mtu Mpya,,,,,,"])

        with pytest.raises(VersionDecided):
            self.accept(waiting)

    def test_is_not_let_in_over_a_version_that_it_was_not_compared_with(self, waiting):
        other = load("PEP", rows=TEN)
        ListVersion.objects.filter(pk=waiting.pk).update(replaces=other)

        with pytest.raises(ListMoved):
            self.accept(waiting)


class TestTheDatabase:
    @pytest.mark.parametrize("table", ["accounts_listentry", "accounts_screeningrun"])
    @pytest.mark.parametrize("deed", ["UPDATE {} SET created_at = now()", "DELETE FROM {}"])
    def test_lets_nobody_rewrite_what_a_list_said_or_what_was_asked(self, table, deed):
        load(rows=TEN)
        screen(somebody("Juma Mtu"))

        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(deed.format(table))
        assert ListEntry.objects.exists()
        assert ScreeningRun.objects.exists()

    def test_keeps_one_version_of_a_list_in_force(self):
        load(rows=TEN)
        second = load(rows=TEN[:2])

        with pytest.raises(IntegrityError, match="one_version"), transaction.atomic():
            ListVersion.objects.filter(pk=second.pk).update(state="ACTIVE")


class TestTheCommand:
    def test_loads_a_list_and_says_what_it_held(self, capsys):
        call_command("screening_load", "DENY", str(DATA / "deny.csv"), published=NOON.date())

        assert capsys.readouterr().out == (
            "DENY of 2026-11-21: 2 entries with 5 names, 2 new or changed, 0 gone. In force.\n"
        )

    def test_says_what_is_wrong(self, tmp_path):
        with pytest.raises(CommandError, match="There is no list NOBODY. The lists are DENY, "):
            call_command("screening_load", "NOBODY", str(DATA / "deny.csv"))
        with pytest.raises(CommandError, match="No such file"):
            call_command("screening_load", "DENY", str(tmp_path / "nothing.csv"))

    def test_refuses_a_list_that_does_not_exist(self):
        with pytest.raises(NoSuchList):
            queries.list_of("NOBODY")
