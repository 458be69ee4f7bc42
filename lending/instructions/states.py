"""The life of a standing instruction, and what came of it on one of its days."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class InstructionState(models.TextChoices):
    ACTIVE = "ACTIVE", _("It pays")
    CHANGED = "CHANGED", _("Changed")
    ENDED = "ENDED", _("Ended by you")
    DONE = "DONE", _("The loan is paid")


class Outcome(models.TextChoices):
    PAID = "PAID", _("Paid")
    NOTHING = "NOTHING", _("Nothing was due")
    SHORT = "SHORT", _("Too little money")
    STOPPED = "STOPPED", _("The account pays nothing out")


# What is agreed never changes: a change ends one and sets up another.
LIFECYCLE = Lifecycle({"ACTIVE": {"CHANGED", "ENDED", "DONE"}})
