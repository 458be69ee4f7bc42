"""What becomes of a statement that was asked for as a file."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class FileState(models.TextChoices):
    """Waiting until it is made; then kept for some days, and gone."""

    WAITING = "WAITING", _("We are making it")
    MADE = "MADE", _("Ready")
    FAILED = "FAILED", _("Not made")
    GONE = "GONE", _("No longer kept")


S = FileState
LIFECYCLE = Lifecycle({S.WAITING: {S.MADE, S.FAILED}, S.MADE: {S.GONE}})
