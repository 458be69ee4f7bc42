"""The life of a request about one's data."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class RequestState(models.TextChoices):
    """Whether the bank has answered."""

    OPEN = "OPEN", _("We are working on it")
    ANSWERED = "ANSWERED", _("Answered")


LIFECYCLE = Lifecycle({RequestState.OPEN: {RequestState.ANSWERED}})
