"""A backup is the bank of one moment; damage to it is named; it goes only where it fits."""

import contextlib
import io
import itertools
import json
import os
import re
import subprocess
import sys
import tarfile
import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.utils import timezone

from accounts.factories import DepositAccountFactory, DocumentFactory, StaffMemberFactory
from accounts.kyc.tests.steps import accept_all, sent
from accounts.monitoring.models import MonitorMark
from ledger.approvals.models import Approval
from ledger.factories import LedgerAccountFactory, put_in
from ledger.proofs import queries as proofs
from wekeza.backups import making, parts, programs, restoring, scratch
from wekeza.backups.identity import connected_as
from wekeza.kit import sealed_files
from wekeza.runtime import env
from wekeza.tests.databases import FLOORS

pytestmark = pytest.mark.django_db(transaction=True)
HARMS = {
    "a bit turned": lambda body: body[:-9] + bytes([body[-9] ^ 1]) + body[-8:],
    "cut off": lambda body: body[: len(body) // 2],
    "gone": None,
}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """The papers of a test lie in a folder of its own."""
    move_documents(settings, tmp_path / "documents")


def move_documents(settings, folder):
    kept = settings.STORAGES["documents"]
    options = kept["OPTIONS"] | {"location": folder}
    settings.STORAGES = settings.STORAGES | {"documents": kept | {"OPTIONS": options}}


@pytest.fixture
def bank(empty_bank):
    """Customers with money and papers, an approval of two persons, somebody signed in."""
    DepositAccountFactory(balance="5000")
    paper = DocumentFactory()
    accept_all(sent())
    StaffMemberFactory()  # Two persons admitted them.
    Session.objects.create(session_key="k" * 32, session_data="x", expire_date=timezone.now())
    MonitorMark.objects.update(horizon_xid=10**12)  # As after years, on a server that is busy.
    return empty_bank | {"paper": paper, "documents": sealed_files.named_paths()}


@pytest.fixture
def backup(bank, tmp_path):
    return make(tmp_path, bank)


def make(folder, bank, at=None):
    at = at or timezone.now()
    return making.make(folder / "backups", url=bank["owner"], at=at, code="abc")


@pytest.fixture
def elsewhere(test_databases):
    """An empty database of the same server: the addresses for its owner and for the bank."""
    cluster, name = test_databases.cluster, f"wk_{os.getpid()}_elsewhere"
    with psycopg.connect(cluster.url("owner", "postgres"), autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{name}"')
    yield {f"{role}_url": cluster.url(role, name) for role in ("owner", "app")}
    cluster.drop(name)


def rows(url, question):
    with psycopg.connect(url) as db:
        return db.execute(question).fetchall()


class TestABackup:
    @pytest.mark.proves("OP25")
    def test_is_the_bank_of_one_moment_while_others_go_on_posting(
        self, bank, elsewhere, tmp_path, settings
    ):
        is_over, posted, account = threading.Event(), [], LedgerAccountFactory(balance="1")

        def post_on():
            try:
                while not is_over.is_set():
                    posted.append(put_in(account, "1"))
            finally:
                connections.close_all()

        other = threading.Thread(target=post_on)
        other.start()
        try:
            while len(posted) < 5:
                assert other.is_alive()
            backup = make(tmp_path, bank)
        finally:
            is_over.set()
            other.join()
        at_the_end = proofs.figures()["entries"]
        move_documents(settings, tmp_path / "restored")
        outcome = restoring.restore(backup, **elsewhere)

        with connected_as(elsewhere["app_url"]):
            now, digest = proofs.figures(), proofs.digest()
        assert outcome.is_same, (outcome.differences, outcome.broken)
        assert outcome.proofs > 10
        assert digest == backup.manifest["bank"]["digest"] != proofs.digest()
        assert now["entries"] == backup.manifest["bank"]["figures"]["entries"] < at_the_end

    def test_brings_the_papers_back_and_the_rights_of_the_application_role(
        self, bank, backup, elsewhere, tmp_path, settings
    ):
        opened = sealed_files.get(bank["paper"], "file")
        move_documents(settings, tmp_path / "restored")

        restoring.restore(backup, **elsewhere)

        assert set(sealed_files.all_paths()) == bank["documents"] != set()
        assert sealed_files.get(bank["paper"], "file") == opened
        with (
            psycopg.connect(elsewhere["app_url"]) as app,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            app.execute("UPDATE ledger_balance SET balance = 0")

    def test_forgets_the_old_servers_transactions_and_who_was_signed_in(
        self, bank, backup, elsewhere, tmp_path, settings
    ):
        decided = Approval.objects.filter(decided_in__gt=0).count()
        move_documents(settings, tmp_path / "restored")

        restoring.restore(backup, **elsewhere)

        url = elsewhere["owner_url"]
        assert decided > 0
        assert rows(url, "SELECT count(*) FROM ledger_approval WHERE decided_in > 0") == [(0,)]
        assert rows(url, "SELECT count(*) FROM ledger_approval WHERE decided_in < 0") == [
            (decided,)
        ]
        assert rows(url, "SELECT horizon_xid FROM accounts_monitormark") == [(0,)]
        assert rows(url, "SELECT count(*) FROM django_session") == [(0,)]
        stays = "SELECT tgenabled FROM pg_trigger WHERE tgname = 'ledger_approval_stays'"
        assert rows(url, stays) == [("A",)]

    def test_names_the_keys_that_it_needs_and_holds_none(self, backup, settings):
        ring = settings.WEKEZA_KEYS
        key_id, _, secret = ring.partition(":")

        assert backup.manifest["bank"]["keys"] == [key_id]
        for path in backup.folder.iterdir():
            body = path.read_bytes()
            assert secret.encode() not in body
            assert settings.WEKEZA_INDEX_KEY.encode() not in body

    def test_tells_of_a_paper_that_is_lost(self, bank, tmp_path):
        path = sorted(bank["documents"])[0]
        (tmp_path / "documents" / path).unlink()

        backup = make(tmp_path, bank)

        assert backup.manifest["documents"]["lost"] == [path]
        assert backup.manifest["documents"]["files"] == len(bank["documents"]) - 1

    def test_can_be_made_by_a_role_that_only_reads(self, bank, tmp_path, test_databases):
        cluster = test_databases.cluster
        if not cluster.is_embedded:
            pytest.skip("only the superuser of an embedded server makes roles")
        socket = env.postgres_socket(cluster.folder, "postgres-test")
        name = env.database_settings(bank["owner"])["NAME"]
        with psycopg.connect(
            host=str(socket), user="postgres", dbname="postgres", autocommit=True
        ) as db:
            with contextlib.suppress(psycopg.errors.DuplicateObject):  # Of an earlier run.
                db.execute("CREATE ROLE bank_reader LOGIN IN ROLE pg_read_all_data")
            db.execute(f'GRANT CONNECT ON DATABASE "{name}" TO bank_reader')
        reader = bank["owner"].replace(env.OWNER_ROLE, "bank_reader")

        by_reader = make(tmp_path, {"owner": reader})
        by_owner = make(tmp_path, bank, at=timezone.now() + timedelta(seconds=5))

        assert by_reader.manifest["bank"] == by_owner.manifest["bank"]
        assert by_reader.manifest["server"] == by_owner.manifest["server"]
        fences = [(one.folder / parts.FENCES).read_text() for one in (by_reader, by_owner)]
        assert fences[0] == fences[1]

    def test_is_not_made_by_the_application_role(self, bank, tmp_path):
        with pytest.raises(programs.ProgramFailed, match="SELECT privilege"):
            make(tmp_path, {"owner": bank["app"]})

        assert not list((tmp_path / "backups").glob("2*"))

    def test_is_read_by_nobody_else_of_the_machine(self, backup):
        assert backup.folder.parent.stat().st_mode & 0o077 == 0


class TestNumbersOfTransactions:
    def test_are_kept_nowhere_but_where_a_restore_forgets_them(self):
        """Who adds a column that holds one adds it to wekeza/backups/new_life.sql."""
        words = re.compile(r"pg_current_xact_id|txid_current|pg_snapshot_xm|xid8|[^_]xmin")
        found = {
            str(path.relative_to(env.ROOT))
            for floor in FLOORS
            for path in (env.ROOT / floor).rglob("*")
            if path.suffix in {".py", ".sql"} and "tests" not in path.parts
            if words.search(path.read_text())
        }

        assert found == {
            "accounts/monitoring/reading.py",  # accounts_monitormark.horizon_xid
            "ledger/migrations/0008_approvals_guards.sql",  # ledger_approval.decided_in
            "ledger/migrations/0012_close_of_business.sql",  # ledger_seal.in_flight, oldest
        }
        for column in ("horizon_xid", "decided_in", "in_flight", "oldest"):
            assert column in restoring.NEW_LIFE


class TestDamage:
    def test_is_named_and_nothing_is_restored(self, backup, elsewhere):
        every = [*parts.PARTS, parts.MANIFEST, parts.CHECKSUM]
        for part, (harm, change) in itertools.product(every, HARMS.items()):
            path = backup.folder / part
            body = path.read_bytes()
            path.unlink()
            if change:
                path.write_bytes(change(body))

            with pytest.raises(parts.Damaged) as told:
                restoring.restore(parts.read(backup.folder), **elsewhere)

            assert part.removesuffix(".sha256") in str(told.value), harm
            if part in parts.PARTS and harm == "a bit turned":
                expected = {one["name"]: one["sha256"] for one in backup.manifest["parts"]}[part]
                assert expected in str(told.value) and parts.sha256(path) in str(told.value)
            path.write_bytes(body)
        assert rows(elsewhere["owner_url"], "SELECT to_regclass('ledger_entry')") == [(None,)]

    def test_no_path_leads_out_of_the_storage(self, backup, tmp_path):
        with tarfile.open(backup.folder / parts.DOCUMENTS, "w") as tar:
            entry = tarfile.TarInfo("../../outside")
            entry.size = 1
            tar.addfile(entry, io.BytesIO(b"x"))

        with pytest.raises(parts.Damaged, match="outside"):
            list(parts.documents_in(backup))


class TestRestoreRefuses:
    def test_a_database_with_a_real_bank_whatever_is_asked(self, bank, backup):
        before = proofs.figures()

        for asked in (False, True):
            with pytest.raises(restoring.CannotRestore, match="never overwritten"):
                restoring.restore(
                    backup, owner_url=bank["owner"], app_url=bank["app"], replace_demo=asked
                )

        assert proofs.figures() == before

    def test_a_demo_bank_unless_it_is_told_to(self, bank, backup, tmp_path, settings):
        with psycopg.connect(bank["owner"]) as owner:
            owner.execute("UPDATE ledger_bankfact SET is_demo = true")
        connection.close()
        where = {"owner_url": bank["owner"], "app_url": bank["app"]}
        with pytest.raises(restoring.CannotRestore, match="--replace-demo"):
            restoring.restore(backup, **where)
        put_in(LedgerAccountFactory(), "77")
        connection.close()

        outcome = restoring.restore(backup, replace_demo=True, **where)

        assert outcome.is_same, outcome.differences
        assert proofs.digest() == backup.manifest["bank"]["digest"]

    def test_a_demo_bank_that_is_open(self, bank, backup):
        with psycopg.connect(bank["owner"]) as owner:
            owner.execute("UPDATE ledger_bankfact SET is_demo = true")
        with (
            psycopg.connect(bank["app"]),
            pytest.raises(restoring.CannotRestore, match="close it first"),
        ):
            restoring.restore(
                backup, owner_url=bank["owner"], app_url=bank["app"], replace_demo=True
            )

    def test_without_the_keys(self, backup, elsewhere, settings):
        for name, words in (("WEKEZA_KEYS", "other:"), ("WEKEZA_INDEX_KEY", "")):
            kept = getattr(settings, name)
            setattr(settings, name, f"{words}{'B' * 43}=")

            with pytest.raises(restoring.CannotRestore, match=name):
                restoring.restore(backup, **elsewhere)

            setattr(settings, name, kept)

    def test_what_does_not_fit(self, backup, elsewhere):
        other = backup.manifest["bank"]["migrations"]
        for place, value, words in (
            (("bank", "migrations"), [*other, "ledger.0999_later"], "newer bank.*0999_later"),
            (("bank", "migrations"), other[1:], f"older bank.*{other[0]}"),
            (("dumped_by", "major"), 99, "PostgreSQL 99"),
            (("server", "owner"), "somebody", "somebody.*DATABASE_OWNER_URL"),
            (("server", "application"), "other_app", "other_app.*DATABASE_URL"),
            (("server", "roles"), ["reporting_role"], "reporting_role"),
        ):
            part, name = place
            manifest = backup.manifest | {part: backup.manifest[part] | {name: value}}

            with pytest.raises(restoring.CannotRestore, match=words):
                restoring.restore(parts.Backup(backup.folder, manifest), **elsewhere)

        assert rows(elsewhere["owner_url"], "SELECT to_regclass('ledger_entry')") == [(None,)]

    def test_a_dump_for_which_there_is_no_program(self, bank):
        with pytest.raises(programs.NoProgram, match="pg_dump of PostgreSQL 99 or later"):
            programs.fitting("pg_dump", least=99)


class TestTrials:
    def test_only_a_backup_that_was_opened_is_verified(self, backup):
        at = datetime(2026, 11, 22, 3, tzinfo=UTC)
        assert not backup.is_verified

        outcome = scratch.verify(backup, at=at)

        told = json.loads((backup.folder / parts.VERIFIED).read_text())
        assert outcome.is_same and backup.is_verified
        assert told["verified_at"] == at.isoformat()
        assert told["digest"] == backup.manifest["bank"]["digest"]
        assert not list(backup.folder.parent.glob(".scratch-*"))

    def test_say_where_the_database_differs_from_what_was_noted(self, bank, backup, tmp_path):
        with psycopg.connect(bank["owner"]) as owner:
            owner.execute("GRANT UPDATE ON ledger_balance TO wekeza_app")
            owner.execute("DELETE FROM django_session")
        try:
            with connected_as(bank["owner"]):
                told = restoring.differences(backup)
        finally:
            with psycopg.connect(bank["owner"]) as owner:
                owner.execute("REVOKE UPDATE ON ledger_balance FROM wekeza_app")

        assert told == [
            "rows of django_session: 1 then, 0 now",
            "right on table ledger_balance -> wekeza_app may UPDATE (is new)",
        ]


class TestTheCommand:
    def run(self, program, *words, **more):
        return subprocess.run(
            [sys.executable, "-m", f"wekeza.runtime.{program}", *words],
            cwd=env.ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "wekeza.settings_test"} | more,
            capture_output=True,
            text=True,
        )

    def given(self, bank, tmp_path):
        return {
            "DATABASE_URL": bank["app"],
            "DATABASE_OWNER_URL": bank["owner"],
            "REDIS_URL": "redis://localhost:1/0",
            "BACKUP_FOLDER": str(tmp_path / "kept"),
        }

    def test_backs_up_and_restores_and_exits_non_zero_on_damage(self, bank, elsewhere, tmp_path):
        given = self.given(bank, tmp_path) | {"BANK_DATA": str(tmp_path)}
        there = given | {
            "DATABASE_URL": elsewhere["app_url"],
            "DATABASE_OWNER_URL": elsewhere["owner_url"],
        }
        keys = {"WEKEZA_KEYS": settings.WEKEZA_KEYS, "WEKEZA_INDEX_KEY": settings.WEKEZA_INDEX_KEY}
        (tmp_path / "documents").rename(tmp_path / "documents-test")  # Where tests' settings look.

        made = self.run("backup", **given | keys)
        folder = next((tmp_path / "kept").glob("2*"))
        checked = self.run("backup", "--check", str(folder), **given | keys)
        restored = self.run("restore", str(folder), **there | keys)
        again = self.run("restore", str(folder), **there | keys)
        (folder / parts.DATABASE).write_bytes(b"")
        damaged = self.run("backup", "--check", str(folder), **given | keys)

        assert made.returncode == 0, made.stderr
        assert f"digest {proofs.digest()}" in made.stdout and "NOT in it" in made.stdout
        assert checked.returncode == 0 and "every part is as it was made" in checked.stdout
        assert restored.returncode == 0, restored.stderr
        assert "the same digest, rows and rights" in restored.stdout
        assert again.returncode == 1 and "never overwritten" in again.stderr
        assert damaged.returncode == 1 and "database.dump: expected" in damaged.stderr

    def test_wants_the_keys_before_it_makes_any(self, backup, tmp_path):
        told = self.run(
            "restore", str(backup.folder), "--into", str(tmp_path / "new"), WEKEZA_KEYS=""
        )

        assert told.returncode == 1 and "put secrets.env" in told.stderr
        assert not (tmp_path / "new").exists()
