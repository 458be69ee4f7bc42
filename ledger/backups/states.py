"""The life of a backup."""

from django.db import models

from wekeza.kit.states import Lifecycle


class BackupState(models.TextChoices):
    KEPT = "KEPT", "Kept, not yet opened"
    VERIFIED = "VERIFIED", "Opened, and the same"
    BROKEN = "BROKEN", "Cannot be relied on"
    FAILED = "FAILED", "Was not made"
    REMOVED = "REMOVED", "Thrown away"


S = BackupState

BACKUPS = Lifecycle(
    {
        S.KEPT: {S.VERIFIED, S.BROKEN, S.REMOVED},
        # It may be damaged later: it is opened again before it is needed.
        S.VERIFIED: {S.BROKEN, S.REMOVED},
        # What was wrong may have been the scratch server.
        S.BROKEN: {S.VERIFIED, S.REMOVED},
    }
)
