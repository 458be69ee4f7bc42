"""Months and years of the books that were closed. Only the ledger's functions write them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Period(models.Model):
    """
    One month of the books, from the first time it is closed. While it is closed no entry takes a
    value date in it; a month without a row was never closed. `approval` is that of the last change.
    """

    first_date = models.DateField(unique=True)
    last_date = models.DateField()
    is_closed = models.BooleanField()
    changed_at = models.DateTimeField(help_text="The database's clock, under the lock of the day.")
    approval = models.ForeignKey("ledger.Approval", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ledger_period_ends_after_it_starts",
                condition=Q(last_date__gt=F("first_date")),
            )
        ]

    def __str__(self):
        return f"{self.first_date:%B %Y}"


class FinancialYear(models.Model):
    """A year that is closed for ever: its income and expense went to retained earnings (3020)."""

    year = models.IntegerField(unique=True)
    result = models.DecimalField(
        max_digits=20, decimal_places=4, help_text="Income less expense, in KES."
    )
    approval = models.ForeignKey("ledger.Approval", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(help_text="The database's clock, under the lock of the day.")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    def __str__(self):
        return str(self.year)
