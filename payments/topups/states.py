"""The life of a top-up over a funding rail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class TopUpState(models.TextChoices):
    STARTED = "STARTED", _("Pending")
    PAID = "PAID", _("Added")
    FAILED = "FAILED", _("Not added")
    UNKNOWN = "UNKNOWN", _("We don't know yet")


S = TopUpState

LIFECYCLE = Lifecycle(
    {
        S.STARTED: {S.PAID, S.FAILED, S.UNKNOWN},
        S.UNKNOWN: {S.PAID, S.FAILED},  # Only the rail's own answer decides; never a timer.
    }
)
