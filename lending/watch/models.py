"""What is known of borrowers, from which day to which, and what each kind of it does."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedTerm


class MarkKind(models.TextChoices):
    WATCH = "WATCH", _("On the watch-list")
    DECEASED = "DECEASED", _("Deceased")
    BANKRUPT = "BANKRUPT", _("Bankrupt")
    FRAUD = "FRAUD", _("Fraud")


class WatchTerm(DatedTerm):
    """
    What a kind of mark does, from a day on: the stage in which its borrower's loans are at best,
    and whether what they ask for is declined; otherwise a person looks at it.
    """

    kind = models.CharField(max_length=8, choices=MarkKind.choices)
    stage = models.SmallIntegerField(choices=[(stage, f"Stage {stage}") for stage in (1, 2, 3)])
    declines = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="watch_one_term_a_kind_and_start", fields=["kind", "effective_from"]
            ),
            models.CheckConstraint(
                name="watch_term_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="watch_term_is_of_a_stage", condition=Q(stage__in=[1, 2, 3])
            ),
        ]

    def __str__(self):
        return f"{self.kind} from {self.effective_from}"


class BorrowerMark(models.Model):
    """
    That something is known of a customer or a business since a business date. Why stands in the
    approval by which two persons `put` it; `approval` is the last one about it: the same, or that
    by which two lifted it. Never deleted.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=8, choices=MarkKind.choices)
    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, null=True, related_name="marks"
    )
    business = models.ForeignKey(
        "accounts.Business", on_delete=models.PROTECT, null=True, related_name="marks"
    )
    since = models.DateField(help_text="The business date from which on it counts.")
    ended_date = models.DateField(
        null=True, help_text="The business date from which on it counts no more."
    )
    put = models.OneToOneField("ledger.Approval", on_delete=models.PROTECT, related_name="+")
    approval = models.OneToOneField("ledger.Approval", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="borrower_mark_is_of_one",
                condition=Q(customer__isnull=True, business__isnull=False)
                | Q(customer__isnull=False, business__isnull=True),
            ),
            models.UniqueConstraint(
                name="borrower_mark_stands_once_of_a_customer",
                fields=["customer", "kind"],
                condition=Q(ended_date=None),
            ),
            models.UniqueConstraint(
                name="borrower_mark_stands_once_of_a_business",
                fields=["business", "kind"],
                condition=Q(ended_date=None),
            ),
            models.CheckConstraint(
                name="borrower_mark_is_lifted_by_an_approval",
                condition=Q(ended_date=None, approval=F("put"))
                | (Q(ended_date__gte=F("since")) & ~Q(approval=F("put"))),
            ),
        ]

    def __str__(self):
        return f"{self.kind} since {self.since}"

    @property
    def stands(self) -> bool:
        """Nobody lifted it."""
        return self.ended_date is None
