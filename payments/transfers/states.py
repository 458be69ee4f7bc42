"""
The life of a transfer inside the bank. Paid is its end: whether the money came back later is told
by the mirror of its entry, in the books, and nowhere else.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class TransferState(models.TextChoices):
    DRAFT = "DRAFT", _("Not sent yet")
    WAITING = "WAITING", _("Waiting for approval")
    PAID = "PAID", _("Sent")
    REJECTED = "REJECTED", _("Rejected")
    CANCELLED = "CANCELLED", _("Cancelled")


S = TransferState

LIFECYCLE = Lifecycle(
    {
        S.DRAFT: {S.PAID, S.CANCELLED, S.WAITING},  # Inside this bank a transfer is paid at once.
        S.WAITING: {S.PAID, S.CANCELLED, S.REJECTED},  # A business's, until its signatures are in.
    }
)
