"""The nights' runs: what was done for each business date, and what was set aside."""

from django.db import models
from django.db.models import F, Q

from branch.close_of_business.states import ChunkState, RunState, StepState


class CloseRun(models.Model):
    """The close of one business date. The date moves only when its run is done."""

    business_date = models.DateField(unique=True)
    state = models.CharField(max_length=7, choices=RunState.choices, default=RunState.RUNNING)
    ends_at = models.DateTimeField(help_text="Midnight in Nairobi, when the date had ended.")
    first_entry = models.BigIntegerField(
        help_text="Entries from here on came after the date before had ended."
    )
    late_entry = models.BigIntegerField(
        help_text="Entries from here on came after this date had ended."
    )
    approval = models.OneToOneField(
        "ledger.Approval",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="By which two officers opened the next date with items left aside.",
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="close_run_is_done_when_it_finished",
                condition=Q(state=RunState.DONE, finished_at__isnull=False)
                | (~Q(state=RunState.DONE) & Q(finished_at=None)),
            )
        ]

    def __str__(self):
        return f"Close of {self.business_date}"

    @property
    def is_done(self) -> bool:
        return self.state == RunState.DONE


class CloseStep(models.Model):
    """One step of a run, as branch/close_of_business/steps.py names it."""

    run = models.ForeignKey(CloseRun, on_delete=models.PROTECT, related_name="steps")
    name = models.CharField(max_length=30)
    place = models.SmallIntegerField()
    state = models.CharField(max_length=7, choices=StepState.choices, default=StepState.WAITING)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="close_step_is_once_in_a_run", fields=["run", "name"])
        ]

    def __str__(self):
        return f"{self.name} of {self.run_id}"


class CloseChunk(models.Model):
    """A range of ids of a step, done in one transaction; of one id, when it was set aside."""

    step = models.ForeignKey(CloseStep, on_delete=models.PROTECT, related_name="chunks")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    state = models.CharField(max_length=7, choices=ChunkState.choices, default=ChunkState.PENDING)
    items = models.IntegerField(default=0, help_text="How many it did.")
    tries = models.SmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True, default="")
    seconds = models.DecimalField(max_digits=9, decimal_places=3, default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="close_chunk_is_once_in_a_step", fields=["step", "first", "last"]
            ),
            models.CheckConstraint(
                name="close_chunk_is_a_range", condition=Q(last__gte=F("first"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["step", "id"],
                name="close_chunks_pending",
                condition=Q(state=ChunkState.PENDING),
            )
        ]

    def __str__(self):
        return f"{self.first}–{self.last} of step {self.step_id}"
