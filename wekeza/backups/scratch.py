"""Believing a backup: it is restored into a server of its own, compared, and thrown away again."""

import json
import shutil
import tempfile
import time
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from wekeza.backups import parts, programs, restoring
from wekeza.backups.identity import connected_as
from wekeza.backups.parts import Backup
from wekeza.backups.restoring import Outcome
from wekeza.kit import sealed_files
from wekeza.runtime.devdb import TEST_SETTINGS, DevPostgres


class CannotVerify(Exception):
    """There is no server here that could take the backup; the message says why."""


def verify(backup: Backup, *, at: datetime) -> Outcome:
    """
    This will restore a backup into a scratch server, compare and prove it, and note beside the
    backup that it was the same, if it was.

    :raises Damaged: if a part is not what it was.
    :raises CannotVerify: if no PostgreSQL of this machine could take it.
    :raises ProgramFailed: if it cannot be restored.
    """
    parts.check(backup)
    began, home = (
        time.monotonic(),
        Path(tempfile.mkdtemp(prefix=".scratch-", dir=backup.folder.parent)),
    )
    server = DevPostgres(home, "scratch", TEST_SETTINGS | {"autovacuum": "on"})
    _refuse_older_programs(backup, server)
    try:
        server.start()
        owner_url, app_url = _make_room(backup, server)
        restoring.load(backup, owner_url=owner_url)
        with connected_as(owner_url):
            different = restoring.differences(backup) + _documents_missing(backup)
            restoring.begin_new_life()
        outcome = restoring.asked(backup, app_url=app_url, different=different)
    finally:
        server.stop("immediate")
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(server.socket, ignore_errors=True)
    if outcome.is_same:
        told = {"verified_at": at.isoformat(), "digest": backup.manifest["bank"]["digest"]}
        told |= {"proofs": outcome.proofs, "seconds": round(time.monotonic() - began, 1)}
        (backup.folder / parts.VERIFIED).write_text(json.dumps(told, indent=1) + "\n")
    else:
        (backup.folder / parts.VERIFIED).unlink(missing_ok=True)
    return outcome


def _refuse_older_programs(backup: Backup, server: DevPostgres) -> None:
    have, want = programs.major(server.bin / "postgres"), backup.manifest["dumped_by"]["major"]
    if have < want:
        raise CannotVerify(
            f"The backup was dumped by programs of PostgreSQL {want}, and the server that could "
            f"take it for a trial is of {have or 'no known version'}."
        )


def _make_room(backup: Backup, server: DevPostgres) -> tuple[str, str]:
    """An empty database with the roles of the backup; the addresses for its owner and the bank."""
    want = backup.manifest["server"]
    with psycopg.connect(
        host=str(server.socket), user="postgres", dbname="postgres", autocommit=True
    ) as db:
        have = {name for (name,) in db.execute("SELECT rolname FROM pg_roles")}
        for role in {want["owner"], want["application"], *want["roles"]} - have:
            db.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        db.execute(
            sql.SQL("CREATE DATABASE restored OWNER {}").format(sql.Identifier(want["owner"]))
        )
    owner, application = (server.url(want[one], "restored") for one in ("owner", "application"))
    return owner, application


def _documents_missing(backup: Backup) -> list[str]:
    there = {path for path, _ in parts.documents_in(backup)}
    there |= set(backup.manifest["documents"]["lost"])
    return [f"document {path} is missing" for path in sorted(sealed_files.named_paths() - there)]
