"""The book of backups: one row for each that was made or should have been."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ledger.backups.states import BackupState


class Backup(models.Model):
    """A copy of the whole bank, as its manifest says; or the reason why there is none."""

    name = models.CharField(
        max_length=40, unique=True, help_text="Its folder, or the try's moment."
    )
    state = models.CharField(max_length=8, choices=BackupState.choices, default=BackupState.KEPT)
    taken_at = models.DateTimeField()
    size_bytes = models.BigIntegerField(default=0)
    entries = models.BigIntegerField(default=0)
    documents = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="", help_text="Of all balances.")
    server_version = models.CharField(max_length=20, blank=True, default="")
    verified_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=1000, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ledger_backup_has_a_digest_or_a_problem",
                condition=(Q(state="FAILED") & ~Q(problem="")) | ~Q(digest=""),
            ),
            models.CheckConstraint(
                name="ledger_backup_is_verified_at_a_moment",
                condition=~Q(state="VERIFIED") | Q(verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ledger_backup_is_removed_at_a_moment",
                condition=Q(state="REMOVED", removed_at__isnull=False)
                | (~Q(state="REMOVED") & Q(removed_at__isnull=True)),
            ),
        ]

    def __str__(self):
        return self.name
