"""The life of an application."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class ApplicationState(models.TextChoices):
    ASKED = "ASKED", _("Being looked at")
    REFERRED = "REFERRED", _("With a person")
    APPROVED = "APPROVED", _("Approved")
    REFUSED = "REFUSED", _("Not today")
    TAKEN = "TAKEN", _("Paid out")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    EXPIRED = "EXPIRED", _("Offer ended")


OPEN = (ApplicationState.ASKED, ApplicationState.REFERRED, ApplicationState.APPROVED)

LIFECYCLE = Lifecycle(
    {
        "ASKED": {"REFERRED", "APPROVED", "REFUSED", "WITHDRAWN"},
        "REFERRED": {"APPROVED", "REFUSED", "WITHDRAWN"},
        # A person looks again at an answer, or the offer ends.
        "REFUSED": {"REFERRED"},
        "APPROVED": {"TAKEN", "WITHDRAWN", "EXPIRED"},
    }
)
