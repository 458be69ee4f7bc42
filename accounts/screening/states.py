"""What may become of a version of a list, and of a case that somebody looks at."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class VersionState(models.TextChoices):
    PENDING = "PENDING", _("Waiting for a second person")
    ACTIVE = "ACTIVE", _("In force")
    REFUSED = "REFUSED", _("Refused")
    RETIRED = "RETIRED", _("Replaced by a newer one")


class HitState(models.TextChoices):
    OPEN = "OPEN", _("Nobody has looked yet")
    REVIEW = "REVIEW", _("Decided by one person, waits for the second")
    CLEARED = "CLEARED", _("Somebody else")
    CONFIRMED = "CONFIRMED", _("The person on the list")


V, H = VersionState, HitState

VERSIONS = Lifecycle(
    {
        V.PENDING: {V.ACTIVE, V.REFUSED},
        V.ACTIVE: {V.RETIRED},
    }
)
HITS = Lifecycle(
    {
        H.OPEN: {H.REVIEW},
        H.REVIEW: {H.CLEARED, H.CONFIRMED, H.OPEN},  # Back, when the second person disagrees.
        H.CONFIRMED: {H.REVIEW},  # People are taken off lists, and banks err; it needs two again.
    }
)
