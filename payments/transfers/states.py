"""
The life of a transfer inside the bank. Paid is its end: whether the money came back later is told
by the mirror of its entry, in the books, and nowhere else.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class TransferState(models.TextChoices):
    DRAFT = "DRAFT", _("Not sent yet")
    PAID = "PAID", _("Sent")
    CANCELLED = "CANCELLED", _("Cancelled")


S = TransferState

LIFECYCLE = Lifecycle(
    {
        S.DRAFT: {S.PAID, S.CANCELLED},  # Inside this bank a transfer is paid at once.
    }
)
