"""The life of an approval."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class ApprovalState(models.TextChoices):
    PENDING = "PENDING", _("Waiting for approval")
    APPROVED = "APPROVED", _("Approved")
    REJECTED = "REJECTED", _("Rejected")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    EXPIRED = "EXPIRED", _("Expired")


S = ApprovalState

APPROVALS = Lifecycle(
    {
        # Approving is doing: there is no approved deed that has not happened yet.
        S.PENDING: {S.APPROVED, S.REJECTED, S.WITHDRAWN, S.EXPIRED},
    }
)
