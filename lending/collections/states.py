"""The lives of a late loan's case, of a step in it, and of a promise to pay."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class CaseState(models.TextChoices):
    OPEN = "OPEN", "Late"
    CLOSED = "CLOSED", "Not late any more"


class StepState(models.TextChoices):
    WAITING = "WAITING", "To do"
    DONE = "DONE", "Done"
    DROPPED = "DROPPED", "Not needed any more"


class PromiseState(models.TextChoices):
    OPEN = "OPEN", _("Still open")
    KEPT = "KEPT", _("Kept")
    BROKEN = "BROKEN", _("Not kept")


PROMISES = Lifecycle({PromiseState.OPEN: {PromiseState.KEPT, PromiseState.BROKEN}})
