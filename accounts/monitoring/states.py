"""The lives of an alert and of a case (kenya.md 7.5)."""

from django.db import models

from wekeza.kit.states import Lifecycle


class AlertState(models.TextChoices):
    OPEN = "OPEN", "Waits for somebody"
    TRIAGE = "TRIAGE", "Being looked at"
    CLOSED_FALSE = "CLOSED_FALSE", "Closed as false"
    CASE = "CASE", "In a case"


class CaseState(models.TextChoices):
    INVESTIGATION = "INVESTIGATION", "Being investigated"
    MLRO_REVIEW = "MLRO_REVIEW", "With the reporting officer"
    STR_FILED = "STR_FILED", "Reported to the FRC"
    CLOSED_NO_STR = "CLOSED_NO_STR", "Closed without a report"
    POST_MONITORING = "POST_MONITORING", "Watched afterwards"


A, C = AlertState, CaseState
ALERT_WAITS = (A.OPEN, A.TRIAGE)
CASE_RUNS = (C.INVESTIGATION, C.MLRO_REVIEW)

ALERTS = Lifecycle(
    {
        A.OPEN: {A.TRIAGE},
        A.TRIAGE: {A.CLOSED_FALSE, A.CASE},  # Closing takes two persons, by a trigger.
    }
)

CASES = Lifecycle(
    {
        C.INVESTIGATION: {C.MLRO_REVIEW},
        # The reporting officer may send it back; filing and closing take two, by a trigger.
        C.MLRO_REVIEW: {C.INVESTIGATION, C.STR_FILED, C.CLOSED_NO_STR},
        C.STR_FILED: {C.POST_MONITORING},
        C.CLOSED_NO_STR: {C.POST_MONITORING},
    }
)
