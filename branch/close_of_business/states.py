"""What becomes of a night's run, of its steps and of their chunks."""

from django.db import models


class RunState(models.TextChoices):
    """Running, until everything is done; stopped while something was set aside."""

    RUNNING = "RUNNING", "Running"
    STOPPED = "STOPPED", "Stopped: items were set aside"
    DONE = "DONE", "Done"


class StepState(models.TextChoices):
    WAITING = "WAITING", "Not begun"
    RUNNING = "RUNNING", "Running"
    DONE = "DONE", "Done"


class ChunkState(models.TextChoices):
    """To be done; done; cut in two because it failed; or one item that failed by itself."""

    PENDING = "PENDING", "To be done"
    DONE = "DONE", "Done"
    SPLIT = "SPLIT", "Cut in two"
    ASIDE = "ASIDE", "Set aside"
