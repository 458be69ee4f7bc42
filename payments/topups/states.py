"""The life of a top-up over a funding rail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class TopUpState(models.TextChoices):
    STARTED = "STARTED", _("Pending")
    PAID = "PAID", _("Added")
    FAILED = "FAILED", _("Not added")
    RETURNED = "RETURNED", _("Returned")
    UNKNOWN = "UNKNOWN", _("We don't know yet")


S = TopUpState

LIFECYCLE = Lifecycle(
    {
        # Returned: the rail took the money, but the account cannot take it in, so it goes back.
        S.STARTED: {S.PAID, S.FAILED, S.RETURNED, S.UNKNOWN},
        # Only the rail's own answer decides; never a timer.
        S.UNKNOWN: {S.PAID, S.FAILED, S.RETURNED},
    }
)
