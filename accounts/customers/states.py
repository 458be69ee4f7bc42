"""The life of a request to correct what the bank knows a customer as."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class ChangeState(models.TextChoices):
    """What became of it."""

    WAITING = "WAITING", _("Waiting for approval. Your details have not changed.")
    APPROVED = "APPROVED", _("Approved. Your details have changed.")
    REJECTED = "REJECTED", _("Not approved. Your details have not changed.")
    WITHDRAWN = "WITHDRAWN", _("You took it back. Your details have not changed.")


S = ChangeState
LIFECYCLE = Lifecycle({S.WAITING: {S.APPROVED, S.REJECTED, S.WITHDRAWN}})
