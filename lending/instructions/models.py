"""What borrowers set up to be paid by itself, and what came of it day by day."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.money import Money
from lending.instructions.states import InstructionState, Outcome


class Every(models.TextChoices):
    WEEK = "WEEK", _("Each week")
    MONTH = "MONTH", _("Each month")


class StandingInstruction(models.Model):
    """
    That a loan is paid on a day of each week (1 is Monday) or month from an account of whoever owes
    it: an amount in KES, or what is due when there is none. From `first_date` on; in a month
    without that day, on its last.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="instructions")
    account = models.ForeignKey(
        "accounts.DepositAccount", on_delete=models.PROTECT, related_name="+"
    )
    amount = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    every = models.CharField(max_length=5, choices=Every.choices)
    day = models.SmallIntegerField()
    first_date = models.DateField(help_text="The first business date on which it may pay.")
    state = models.CharField(
        max_length=7, choices=InstructionState.choices, default=InstructionState.ACTIVE
    )
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()
    ended_by = models.CharField(max_length=80, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="instruction_one_active_of_a_loan", fields=["loan"],
                condition=Q(state="ACTIVE"),
            ),
            models.CheckConstraint(
                name="instruction_pays_something", condition=Q(amount=None) | Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="instruction_has_a_day",
                condition=Q(every="WEEK", day__gte=1, day__lte=7)
                | Q(every="MONTH", day__gte=1, day__lte=31),
            ),
            models.CheckConstraint(
                name="instruction_ends_at_a_moment",
                condition=Q(state="ACTIVE", ended_at=None, ended_by="")
                | ~Q(state="ACTIVE") & ~Q(ended_by="") & Q(ended_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.every} {self.day} of {self.loan_id}"

    @property
    def money(self) -> Money | None:
        """What it pays; nothing for what is due."""
        return None if self.amount is None else Money.rounded(self.amount, "KES")

    @property
    def is_active(self) -> bool:
        return self.state == InstructionState.ACTIVE


class InstructionRun(models.Model):
    """
    What came of an instruction at the close of one of its days: once a day, never changed. `amount`
    is what was to be paid, in KES, and `available` what there was when it was too little.
    """

    instruction = models.ForeignKey(
        StandingInstruction, on_delete=models.PROTECT, related_name="runs"
    )
    business_date = models.DateField()
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    available = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    repayment = models.OneToOneField(
        "lending.Repayment", on_delete=models.PROTECT, null=True, related_name="instruction_run"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="instruction_runs_once_a_day", fields=["instruction", "business_date"]
            ),
            models.CheckConstraint(
                name="instruction_run_is_sound",
                condition=Q(outcome="PAID", amount__gt=0, repayment__isnull=False)
                | Q(outcome="NOTHING", amount=0, repayment=None)
                | Q(outcome__in=["SHORT", "STOPPED"], amount__gt=0, repayment=None),
            ),
            models.CheckConstraint(
                name="instruction_run_short_tells_what_there_was",
                condition=Q(outcome="SHORT", available__isnull=False)
                | ~Q(outcome="SHORT") & Q(available=None),
            ),
        ]

    def __str__(self):
        return f"{self.instruction_id} on {self.business_date}: {self.outcome}"

    @property
    def money(self) -> Money:
        return Money.rounded(self.amount, "KES")

    @property
    def is_paid(self) -> bool:
        return self.outcome == Outcome.PAID

    @property
    def has_failed(self) -> bool:
        """Something was to be paid, and was not."""
        return self.outcome in (Outcome.SHORT, Outcome.STOPPED)
