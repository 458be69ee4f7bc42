"""Decisions on applications: added, never changed. Who decides otherwise adds another."""

from django.db import models
from django.db.models import Q

from ledger.money import Money


class CreditDecision(models.Model):
    """
    One answer to an application with all that it followed from (RF04): the facts that went in, the
    card and its points, the reasons in their order, and who decided. An officer's answer names the
    decision that it overrides, and says why.
    """

    class Result(models.TextChoices):
        APPROVED = "APPROVED", "Approved"
        REFUSED = "REFUSED", "Refused"
        REFERRED = "REFERRED", "With a person"

    application = models.ForeignKey(
        "lending.LoanApplication", on_delete=models.PROTECT, related_name="decisions"
    )
    number = models.SmallIntegerField(help_text="Of the application's decisions, from 1.")
    result = models.CharField(max_length=8, choices=Result.choices)
    amount = models.DecimalField(
        max_digits=20, decimal_places=4, help_text="What may be lent, in KES; nothing if refused."
    )
    limit = models.DecimalField(max_digits=20, decimal_places=4)
    percent = models.DecimalField(
        max_digits=7, decimal_places=4, null=True,
        help_text="The rate of the offer: that of the grade which the score reaches.",
    )  # fmt: skip
    model_version = models.CharField(max_length=20, blank=True, default="")
    score = models.SmallIntegerField(null=True)
    least_score = models.SmallIntegerField()
    inputs = models.JSONField()
    points = models.JSONField()
    reasons = models.JSONField()
    decided_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField()
    business_date = models.DateField()
    overrides = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="overridden_by"
    )
    why = models.CharField(max_length=400, blank=True, default="", help_text="An officer's words.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["model_version", "business_date"], name="credit_decisions_by_model"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="credit_decision_one_of_a_number", fields=["application", "number"]
            ),
            models.CheckConstraint(
                name="credit_decision_amount_fits",
                condition=Q(result="REFUSED", amount=0) | (~Q(result="REFUSED") & Q(amount__gte=0)),
            ),
            models.CheckConstraint(
                name="credit_decision_score_is_of_a_thousand",
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1000),
            ),
            models.CheckConstraint(
                name="credit_decision_an_override_says_why",
                condition=Q(overrides__isnull=True) | ~Q(why=""),
            ),
        ]

    def __str__(self):
        return f"decision {self.number} on {self.application_id}"

    @property
    def money(self) -> Money:
        """What may be lent."""
        return Money.rounded(self.amount, "KES")

    @property
    def limit_money(self) -> Money:
        return Money.rounded(self.limit, "KES")

    @property
    def is_approved(self) -> bool:
        return self.result == self.Result.APPROVED

    @property
    def is_refused(self) -> bool:
        return self.result == self.Result.REFUSED
