"""The life of a loan."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wekeza.kit.states import Lifecycle


class LoanState(models.TextChoices):
    ACTIVE = "ACTIVE", _("Active")
    PAID = "PAID", _("Paid")
    WRITTEN_OFF = "WRITTEN_OFF", _("Written off")
    RECOVERED = "RECOVERED", _("Paid after it was written off")


OWED = (LoanState.ACTIVE, LoanState.WRITTEN_OFF)
LIFECYCLE = Lifecycle(
    {
        "ACTIVE": {"PAID", "WRITTEN_OFF"},
        "PAID": {"ACTIVE"},  # A payment was taken back, or paid as of an earlier day.
        "WRITTEN_OFF": {"RECOVERED"},  # Off the bank's books, and still owed by the customer.
    }
)
