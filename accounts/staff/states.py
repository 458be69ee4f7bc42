"""The life of somebody who works here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class StaffState(models.TextChoices):
    INVITED = "INVITED", _("Invited")
    ACTIVE = "ACTIVE", _("Active")
    SUSPENDED = "SUSPENDED", _("Suspended")
    TERMINATED = "TERMINATED", _("Left the bank")


S = StaffState

STAFF = Lifecycle(
    {
        S.INVITED: {S.ACTIVE, S.TERMINATED},  # Each way to ACTIVE takes two persons.
        S.ACTIVE: {S.SUSPENDED, S.TERMINATED},
        S.SUSPENDED: {S.ACTIVE, S.TERMINATED},
        S.TERMINATED: {S.ACTIVE},  # Hired again: admitted anew, with a role of that day.
    }
)
