"""Loans that were written off: what stood in the books, what it cost, and who decided it."""

from django.db import models
from django.db.models import F, Q

from ledger.money import Money
from wekeza.kit.dated import DatedNumber


class WriteOffTerm(DatedNumber):
    """When a loan may be written off (kenya.md 4.9); `kind` is one of Kind."""

    class Kind(models.TextChoices):
        MORE_DAYS_THAN = "MORE_DAYS_THAN", "Days past due, more than which it takes"
        PROVIDED_PERCENT = "PROVIDED_PERCENT", "Percent of it that are provided for at least"


class WriteOff(models.Model):
    """
    That a loan was taken off the books, in KES: what was owed of it, by its parts; of the interest
    and penalties what was kept in suspense and never was income; and of the rest what `provision`
    stood for (1342), and what it was short of (5120). What is owed stays owed: line 9010 keeps it.
    """

    loan = models.OneToOneField(
        "lending.Loan", on_delete=models.PROTECT, primary_key=True, related_name="write_off"
    )
    principal = models.DecimalField(max_digits=20, decimal_places=4)
    interest = models.DecimalField(max_digits=20, decimal_places=4)
    penalty = models.DecimalField(max_digits=20, decimal_places=4)
    suspended = models.DecimalField(max_digits=20, decimal_places=4)
    provided = models.DecimalField(max_digits=20, decimal_places=4)
    expensed = models.DecimalField(max_digits=20, decimal_places=4)
    provision = models.ForeignKey(
        "lending.LoanProvision", on_delete=models.PROTECT, related_name="+"
    )
    days_late = models.IntegerField()
    approval = models.OneToOneField("ledger.Approval", on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("ledger.Entry", on_delete=models.PROTECT, related_name="+")
    business_date = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="write_off_is_sound",
                condition=Q(principal__gt=0, interest__gte=0, penalty__gte=0)
                & Q(suspended__gte=0, provided__gte=0, expensed__gte=0),
            ),
            models.CheckConstraint(
                name="write_off_is_borne_whole",
                condition=Q(
                    principal=F("suspended") + F("provided") + F("expensed")
                    - F("interest") - F("penalty")
                ),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"write-off of {self.loan_id}"

    @property
    def money(self) -> Money:
        """All that was owed, and is still claimed."""
        return Money.rounded(self.principal + self.interest + self.penalty, "KES")
