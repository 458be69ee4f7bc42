"""The lives of a partner, of an app and of one delivery."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class PartnerState(models.TextChoices):
    APPLIED = "APPLIED", _("Waiting for approval")
    ACTIVE = "ACTIVE", _("Active")
    SUSPENDED = "SUSPENDED", _("Suspended")
    CLOSED = "CLOSED", _("Closed")


class AppState(models.TextChoices):
    ACTIVE = "ACTIVE", _("Active")
    CLOSED = "CLOSED", _("Closed")


class DeliveryState(models.TextChoices):
    PENDING = "PENDING", _("Waiting")
    DELIVERED = "DELIVERED", _("Delivered")
    FAILED = "FAILED", _("Failed")


P, D = PartnerState, DeliveryState

PARTNER = Lifecycle(
    {
        P.APPLIED: {P.ACTIVE, P.CLOSED},  # A yes takes a second person; a no takes a reason.
        P.ACTIVE: {P.SUSPENDED},
        P.SUSPENDED: {P.ACTIVE},
    }
)
APP = Lifecycle({AppState.ACTIVE: {AppState.CLOSED}})
DELIVERY = Lifecycle(
    {
        D.PENDING: {D.DELIVERED, D.FAILED},
        D.FAILED: {D.PENDING},  # The partner asked for it again.
        D.DELIVERED: {D.PENDING},  # The same: a replay of what had arrived.
    }
)
