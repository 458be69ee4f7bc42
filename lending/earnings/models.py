"""What loans earned, day by day, and the booking of it."""

from django.db import models
from django.db.models import F, Q


class Earned(models.TextChoices):
    INTEREST = "INTEREST", "Interest"
    PENALTY = "PENALTY", "Penalty"


class LoanEarning(models.Model):
    """
    What a loan earned on one business date, in cents: interest or penalty. Written by the night,
    once; the night's journal books the sum of them.
    """

    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="earnings")
    part = models.CharField(max_length=9, choices=Earned.choices)
    business_date = models.DateField()
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    is_suspended = models.BooleanField(
        default=False, help_text="Of a loan that performs no more: no income until it is paid."
    )

    class Meta:
        indexes = [models.Index(fields=["business_date", "part"], name="loan_earnings_of_a_day")]
        constraints = [
            models.UniqueConstraint(
                name="loan_earns_a_part_once_a_day", fields=["loan", "part", "business_date"]
            ),
            models.CheckConstraint(
                name="loan_earning_is_sound",
                condition=Q(amount__gt=0, part__in=Earned.values),
            ),
        ]

    def __str__(self):
        return f"{self.part} of {self.business_date}"


class EarningJournal(models.Model):
    """What all loans earned on a business date, as it was booked."""

    business_date = models.DateField(primary_key=True)
    interest = models.DecimalField(max_digits=20, decimal_places=4)
    penalty = models.DecimalField(max_digits=20, decimal_places=4)
    suspended_interest = models.DecimalField(
        max_digits=20, decimal_places=4, default=0, help_text="What of it is kept in suspense."
    )
    suspended_penalty = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    entry = models.OneToOneField(
        "ledger.Entry", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="earning_journal_has_an_entry",
                condition=Q(interest=0, penalty=0, entry__isnull=True)
                | (~Q(interest=0, penalty=0) & Q(entry__isnull=False)),
            ),
            models.CheckConstraint(
                name="earning_journal_suspends_a_part",
                condition=Q(suspended_interest__gte=0, suspended_interest__lte=F("interest"))
                & Q(suspended_penalty__gte=0, suspended_penalty__lte=F("penalty")),
            ),
        ]

    def __str__(self):
        return str(self.business_date)
