"""
What the clock does once a day: back up, restore for a trial, tell staff, throw old ones away.

Nothing of it is silent: what was made, what was wrong with it and what could not be made at all
stands in the book of backups (ledger/backups), and in the log.
"""

import logging
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from ledger.backups import operations as book
from ledger.backups import queries
from wekeza.backups import making, parts, programs, scratch
from wekeza.backups.parts import Backup
from wekeza.drills import record
from wekeza.kit.actor import SYSTEM

EVERY = timedelta(hours=23, minutes=30)  # The clock comes every hour; the hour is not lost.
NO_ROLE = (
    "No backup was made: the worker works as the application role, which may not read everything. "
    "Name a role that may by BACKUP_URL (or DATABASE_OWNER_URL) in the worker's environment."
)
TROUBLES = (
    making.Unsteady,
    programs.NoProgram,
    programs.ProgramFailed,
    parts.Damaged,
    OSError,
)
log = logging.getLogger(__name__)


def main() -> int:
    """This will do today's backup if none was made within a day; 1 if anything went wrong."""
    at = timezone.now()
    if not queries.is_due(at=at, after=EVERY):
        print("The newest backup is not a day old; nothing to do.")
        return 0
    return 0 if back_up(settings.BACKUP_FOLDER, url=settings.BACKUP_URL, at=at) else 1


def back_up(folder: Path, *, url: str, at: datetime) -> bool:
    """
    This will back up into `folder`, reading as the role of `url`, verify, prune, and write down
    what became of it; False if anything went wrong. While another backup is being made there, it
    does nothing.
    """
    if not url:
        return _failed(at, NO_ROLE)
    try:
        backup = making.make(folder, url=url, at=at, code=record.commit())
    except making.Occupied as reason:
        log.info("%s; the clock comes again", reason)
        return True
    except TROUBLES as trouble:
        return _failed(at, str(trouble))
    is_good = _verify(backup)
    _prune(folder, at=at)
    return is_good


def note(backup: Backup):
    """This will write a backup down in the book and give its row."""
    bank = backup.manifest["bank"]
    return book.note_kept(
        backup.name,
        taken_at=backup.taken_at,
        facts={
            "size_bytes": backup.size_bytes,
            "entries": bank["figures"]["entries"],
            "documents": backup.manifest["documents"]["files"],
            "digest": bank["digest"],
            "server_version": backup.manifest["server"]["version"],
        },
        actor=SYSTEM,
    )


def too_old(backups: list[Backup], *, keep_days: int, at: datetime) -> list[Backup]:
    """
    This will give the backups that are older than so many days; never the newest one that was
    verified, nor one that is newer than that.
    """
    verified = [backup for backup in backups if backup.is_verified]
    kept_from = max((backup.taken_at for backup in verified), default=None)
    if kept_from is None:
        return []
    limit = min(at - timedelta(days=keep_days), kept_from)
    return [backup for backup in backups if backup.taken_at < limit]


def _verify(backup: Backup) -> bool:
    row = note(backup)
    lost = [f"document {path} is lost" for path in backup.manifest["documents"]["lost"]]
    try:
        outcome = scratch.verify(backup, at=timezone.now())
    except scratch.CannotVerify as reason:
        log.warning("backup %s was made but not verified: %s", backup.name, reason)
        return True
    except TROUBLES as trouble:
        problem = str(trouble)
    else:
        problem = "; ".join([*outcome.differences, *outcome.broken, *lost])
    if problem:
        book.note_broken(row, problem=problem, at=timezone.now(), actor=SYSTEM)
        log.error("backup %s cannot be relied on: %s", backup.name, problem)
        return False
    book.note_verified(row, at=timezone.now(), actor=SYSTEM)
    log.info("backup %s was made and verified", backup.name)
    return True


def _prune(folder: Path, *, at: datetime) -> None:
    old = too_old(list(parts.all_in(folder)), keep_days=settings.BACKUP_KEEP_DAYS, at=at)
    for backup in old:
        shutil.rmtree(backup.folder)
        if row := queries.kept().filter(name=backup.name).first():
            book.note_removed(row, at=at, actor=SYSTEM)


def _failed(at: datetime, problem: str) -> bool:
    log.error("backup failed: %s", problem)
    # The clock tries again every hour; one row a day says so.
    book.note_failed(f"{at:%Y-%m-%d} not made", at=at, problem=problem, actor=SYSTEM)
    return False
