"""The life of a case of fraud."""

from django.db import models

from wekeza.kit.states import Lifecycle


class CaseState(models.TextChoices):
    OPEN = "OPEN", "Waits for somebody"
    TAKEN = "TAKEN", "Being looked at"
    CONFIRMED = "CONFIRMED", "Fraud"
    CLEARED = "CLEARED", "No fraud"


WAITS = (CaseState.OPEN, CaseState.TAKEN)

LIFECYCLE = Lifecycle(
    {
        CaseState.OPEN: {CaseState.TAKEN},
        CaseState.TAKEN: {CaseState.CONFIRMED, CaseState.CLEARED},
    }
)
