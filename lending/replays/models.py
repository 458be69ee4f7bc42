"""Replays of loans: what was put right as of an earlier day, and how far back that may be."""

import uuid

from django.db import models
from django.db.models import Q

from ledger.money import Money
from wekeza.kit.dated import DatedNumber


class ReplayTerm(DatedNumber):
    """Whole numbers of replays; `kind` is one of Kind."""

    class Kind(models.TextChoices):
        MOST_DAYS = "MOST_DAYS", "Days back as of which a payment is put right at most"


class Replay(models.Model):
    """
    That a loan lived its days from `since` on again: without the payment `reversed`, or with one
    that was received then and booked later. Payments, earnings and versions of the schedule that it
    wrote name it. `interest` and `penalty` are what the loan earned more because of it, in KES,
    `suspended_…` what of that is kept in suspense; less than nothing is less. It is booked today.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="replays")
    reversed = models.OneToOneField(
        "lending.Repayment", on_delete=models.PROTECT, null=True, related_name="taken_back_by"
    )
    since = models.DateField(help_text="The business date from which on all is as it should be.")
    interest = models.DecimalField(max_digits=20, decimal_places=4)
    penalty = models.DecimalField(max_digits=20, decimal_places=4)
    suspended_interest = models.DecimalField(max_digits=20, decimal_places=4)
    suspended_penalty = models.DecimalField(max_digits=20, decimal_places=4)
    owed_before = models.DecimalField(max_digits=20, decimal_places=4)
    owed_after = models.DecimalField(max_digits=20, decimal_places=4)
    approval = models.OneToOneField("ledger.Approval", on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField(
        "ledger.Entry", on_delete=models.PROTECT, null=True, related_name="+"
    )
    business_date = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="replay_changes_have_an_entry",
                condition=Q(entry__isnull=False)
                | Q(interest=0, penalty=0, suspended_interest=0, suspended_penalty=0),
            ),
            models.CheckConstraint(
                name="replay_is_sound", condition=Q(owed_before__gte=0, owed_after__gte=0)
            ),
        ]

    def __str__(self):
        return f"{self.loan_id} since {self.since}"

    @property
    def owed(self) -> tuple[Money, Money]:
        """What was owed before it, and after it."""
        return Money.rounded(self.owed_before, "KES"), Money.rounded(self.owed_after, "KES")
