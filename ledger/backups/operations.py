"""Writing down what became of backups. The files are made by wekeza/backups, above all floors."""

from datetime import datetime
from typing import Any

from ledger.backups.models import Backup
from ledger.backups.states import BACKUPS, BackupState
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed

PROBLEM_LETTERS = 1000


@deed
def note_kept(name: str, *, taken_at: datetime, facts: dict[str, Any], actor: Actor) -> Backup:
    """
    This will write down a backup that was made: `facts` are size_bytes, entries, documents, digest
    and server_version of its manifest. The same one twice is one row.
    """
    row, is_new = Backup.objects.get_or_create(name=name, defaults={"taken_at": taken_at} | facts)
    if is_new:
        audit.record(actor=actor, deed="backup.kept", subject=row, digest=row.digest)
    return row


@deed
def note_verified(backup: Backup, *, at: datetime, actor: Actor) -> None:
    """
    This will write down that a backup was restored for a trial and was the same bank.

    :raises IllegalMove: if it was thrown away.
    """
    if backup.state != BackupState.VERIFIED:
        stamps = {"verified_at": at, "updated_at": at}
        BACKUPS.move(backup, to=BackupState.VERIFIED, problem="", **stamps)
        audit.record(actor=actor, deed="backup.verified", subject=backup)


@deed
def note_broken(backup: Backup, *, problem: str, at: datetime, actor: Actor) -> None:
    """
    This will write down why a backup cannot be relied on.

    :raises IllegalMove: if it was thrown away.
    """
    if backup.state != BackupState.BROKEN:
        why = problem[:PROBLEM_LETTERS]
        BACKUPS.move(backup, to=BackupState.BROKEN, problem=why, updated_at=at)
        audit.record(actor=actor, deed="backup.broken", subject=backup)


@deed
def note_failed(name: str, *, at: datetime, problem: str, actor: Actor) -> Backup:
    """This will write down that a backup was to be made at a moment, and why there is none."""
    facts = {"state": BackupState.FAILED, "taken_at": at, "problem": problem[:PROBLEM_LETTERS]}
    row, is_new = Backup.objects.get_or_create(name=name, defaults=facts)
    if is_new:
        audit.record(actor=actor, deed="backup.failed", subject=row)
    return row


@deed
def note_removed(backup: Backup, *, at: datetime, actor: Actor) -> None:
    """
    This will write down that a backup was thrown away.

    :raises IllegalMove: if it was thrown away before.
    """
    BACKUPS.move(backup, to=BackupState.REMOVED, removed_at=at, updated_at=at)
    audit.record(actor=actor, deed="backup.removed", subject=backup)
