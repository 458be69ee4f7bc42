"""The clock's backup: made, opened again, written down, and old ones thrown away; never silent."""

import os
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.factories import DepositAccountFactory
from ledger.backups import operations as book
from ledger.backups import queries
from ledger.backups.models import Backup
from ledger.controls.models import AuditEntry
from wekeza.backups import daily, parts
from wekeza.runtime import env
from wekeza.schedule import SCHEDULE
from wekeza.tasks import BACKUP, back_up_daily
from wekeza.tests.test_backups import own_folder  # noqa: F401 - a fixture.

NIGHT = datetime(2026, 11, 22, 1, tzinfo=UTC)


def fake(tmp_path, days, *, is_verified):
    """A backup of so many days ago, as far as its age goes."""
    at = NIGHT - timedelta(days=days)
    folder = tmp_path / parts.name_of(at)
    folder.mkdir(parents=True)
    for name in parts.PARTS:
        (folder / name).write_text("x")
    parts.write_manifest(folder, {"taken_at": at.isoformat()})
    if is_verified:
        (folder / parts.VERIFIED).write_text("{}")
    return parts.read(folder)


@pytest.mark.django_db(transaction=True)
class TestTheDailyBackup:
    @pytest.mark.proves("OP25")
    def test_is_made_opened_and_written_down_once_a_day(self, empty_bank, tmp_path):
        """By two workers that were given the task at once, and by one that comes an hour later."""
        DepositAccountFactory(balance="5000")
        given = os.environ | {
            "DJANGO_SETTINGS_MODULE": "wekeza.settings_test",
            "DATABASE_URL": empty_bank["app"],
            "DATABASE_OWNER_URL": empty_bank["owner"],
            "REDIS_URL": "redis://localhost:1/0",
            "BACKUP_FOLDER": str(tmp_path / "kept"),
        }

        told = {"cwd": env.ROOT, "env": given, "text": True, "stderr": subprocess.PIPE}
        both = [subprocess.Popen(BACKUP, stdout=subprocess.PIPE, **told) for _ in range(2)]
        words = [one.communicate() for one in both]
        later = subprocess.run(BACKUP, stdout=subprocess.PIPE, **told)

        row = Backup.objects.get()
        kept = list(parts.all_in(tmp_path / "kept"))
        assert [one.returncode for one in (*both, later)] == [0, 0, 0], words
        assert "nothing to do" in later.stdout
        assert [backup.name for backup in kept] == [row.name]
        assert kept[0].is_verified
        assert row.state == "VERIFIED" and row.verified_at > row.taken_at
        assert row.digest == kept[0].manifest["bank"]["digest"]
        assert (row.entries, row.size_bytes) == (1, kept[0].size_bytes)
        deeds = AuditEntry.objects.filter(deed__startswith="backup.").order_by("pk")
        assert list(deeds.values_list("deed", flat=True)) == ["backup.kept", "backup.verified"]

    def test_says_where_staff_see_it_that_nobody_may_read_everything(self, empty_bank, tmp_path):
        assert daily.back_up(tmp_path, url="", at=NIGHT) is False
        assert daily.back_up(tmp_path, url="", at=NIGHT + timedelta(hours=1)) is False

        row = queries.troubles().get()
        assert row.state == "FAILED" and "BACKUP_URL" in row.problem
        assert queries.is_due(at=NIGHT, after=daily.EVERY)

    def test_says_that_the_dump_failed(self, empty_bank, tmp_path):
        assert daily.back_up(tmp_path, url=empty_bank["app"], at=NIGHT) is False

        assert "pg_dump failed" in queries.troubles().get().problem
        assert not list(parts.all_in(tmp_path))

    def test_is_done_by_a_task_that_fails_aloud(self, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:x@localhost:1/nowhere")

        with pytest.raises(subprocess.CalledProcessError):
            back_up_daily.delay()

    def test_is_asked_for_by_the_clock_more_often_than_it_is_due(self):
        asked = [entry for entry in SCHEDULE.values() if entry["task"] == "backups.daily"]

        assert [entry["schedule"] for entry in asked] == [3600.0]
        assert timedelta(hours=23) <= daily.EVERY <= timedelta(hours=24)
        assert BACKUP[1:] == ["-m", "wekeza.runtime.backup", "--daily"]


class TestTooOld:
    def test_are_backups_of_more_than_so_many_days(self, tmp_path):
        backups = [fake(tmp_path, days, is_verified=True) for days in (40, 36, 35, 34, 1)]

        old = daily.too_old(backups, keep_days=35, at=NIGHT)

        assert old == backups[:2]

    def test_is_never_the_newest_that_was_opened_nor_what_came_after(self, tmp_path):
        opened = [fake(tmp_path, days, is_verified=True) for days in (90, 60)]
        since = [fake(tmp_path, days, is_verified=False) for days in (50, 40)]

        old = daily.too_old([*opened, *since], keep_days=35, at=NIGHT)

        assert old == opened[:1]

    def test_is_none_while_none_was_opened(self, tmp_path):
        backups = [fake(tmp_path, 90, is_verified=False)]

        assert daily.too_old(backups, keep_days=35, at=NIGHT) == []


@pytest.mark.django_db
class TestTheBook:
    FACTS = {
        "size_bytes": 1,
        "entries": 1,
        "documents": 0,
        "digest": "d" * 64,
        "server_version": "18.6",
    }

    def test_shows_troubles_until_a_later_backup_is_good(self):
        at, actor = timezone.now(), daily.SYSTEM
        book.note_failed("one", at=at, problem="no disk", actor=actor)
        broken = book.note_kept("two", taken_at=at, facts=self.FACTS, actor=actor)
        book.note_broken(broken, problem="a bit turned", at=at, actor=actor)
        assert queries.troubles().count() == 2

        later = at + timedelta(days=1)
        good = book.note_kept("three", taken_at=later, facts=self.FACTS, actor=actor)
        assert queries.troubles().count() == 2
        book.note_verified(good, at=later, actor=actor)

        assert queries.troubles().count() == 0
        assert queries.last_good() == good
