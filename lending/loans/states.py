"""The life of a loan."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class LoanState(models.TextChoices):
    ACTIVE = "ACTIVE", _("Active")
    PAID = "PAID", _("Paid")


LIFECYCLE = Lifecycle({"ACTIVE": {"PAID"}})
