"""The life of a payment that an app asked for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class State(models.TextChoices):
    PENDING = "PENDING", _("Waiting for the customer")
    COMPLETED = "COMPLETED", _("Paid")
    CANCELLED = "CANCELLED", _("Cancelled")


LIFECYCLE = Lifecycle({State.PENDING: {State.COMPLETED, State.CANCELLED}})
