"""Looking at the book of backups."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from ledger.backups.models import Backup
from ledger.backups.states import BackupState

BAD = (BackupState.FAILED, BackupState.BROKEN)


def named(name: str) -> Backup | None:
    """This will give the row of a backup by the name of its folder."""
    return Backup.objects.filter(name=name).first()


def kept() -> QuerySet[Backup]:
    """This will give the backups that were not thrown away."""
    return Backup.objects.exclude(state__in=[BackupState.REMOVED, BackupState.FAILED])


def last_good() -> Backup | None:
    """This will give the newest backup that was opened again and was the same."""
    return Backup.objects.filter(state=BackupState.VERIFIED).order_by("-taken_at").first()


def troubles() -> QuerySet[Backup]:
    """This will give what failed since the last good backup; staff must look at it."""
    rows = Backup.objects.filter(state__in=BAD)
    good = last_good()
    return rows.filter(taken_at__gt=good.taken_at) if good else rows


def is_due(*, at: datetime, after: timedelta) -> bool:
    """This will tell whether the newest backup that was made is older than so long."""
    newest = kept().order_by("-taken_at").first()
    return newest is None or newest.taken_at <= at - after
