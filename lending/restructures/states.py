"""The life of a wish to agree a loan anew."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class RestructureState(models.TextChoices):
    ASKED = "ASKED", _("With us")
    OFFERED = "OFFERED", _("Your turn")
    SIGNED = "SIGNED", _("Agreed")
    REFUSED = "REFUSED", _("Refused")
    WITHDRAWN = "WITHDRAWN", _("Given up")
    ENDED = "ENDED", _("Not signed in time")


OPEN = (RestructureState.ASKED, RestructureState.OFFERED)
LIFECYCLE = Lifecycle(
    {
        "ASKED": {"OFFERED", "REFUSED", "WITHDRAWN"},
        "OFFERED": {"SIGNED", "WITHDRAWN", "ENDED"},
    }
)
