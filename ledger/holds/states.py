"""What becomes of a hold."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HoldState(models.TextChoices):
    """Open, until it was taken wholly, given back, or its last day has closed."""

    OPEN = "OPEN", _("Held")
    CAPTURED = "CAPTURED", _("Taken")
    RELEASED = "RELEASED", _("Released")
    EXPIRED = "EXPIRED", _("Expired")


class HoldKind(models.TextChoices):
    """For whom it is held. What the bank or a court holds stands on a frozen account as well."""

    PAYMENT = "PAYMENT", _("Payment on its way")
    CARD = "CARD", _("Card payment")
    CHEQUE = "CHEQUE", _("Cheque that is not cleared")
    LIEN = "LIEN", _("Security for a loan")
    COURT = "COURT", _("Order of a court")
