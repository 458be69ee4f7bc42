"""The life of one question about who somebody is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class CheckState(models.TextChoices):
    """What the bank knows from it."""

    PENDING = "PENDING", _("Being asked")
    MATCH = "MATCH", _("Matches")
    PARTIAL = "PARTIAL", _("Matches in part")
    MISMATCH = "MISMATCH", _("Does not match")
    NOT_FOUND = "NOT_FOUND", _("Not on record")
    UNKNOWN = "UNKNOWN", _("No answer yet")
    SUPERSEDED = "SUPERSEDED", _("Asked anew with other details")


S = CheckState
OPEN = (S.PENDING, S.UNKNOWN)
ANSWERS = {S.MATCH, S.PARTIAL, S.MISMATCH, S.NOT_FOUND}
DOUBTS = (S.PARTIAL, S.MISMATCH, S.NOT_FOUND)

LIFECYCLE = Lifecycle(
    {
        S.PENDING: {*ANSWERS, S.UNKNOWN, S.SUPERSEDED},
        # No answer is neither yes nor no: only an answer ends it, never a timer.
        S.UNKNOWN: {*ANSWERS, S.UNKNOWN, S.SUPERSEDED},
    }
)
