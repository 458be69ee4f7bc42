"""What the demo rail itself remembers, as the provider behind a real rail does."""

from django.db import models
from django.db.models import Q

from ledger.money import Money


class DemoRailRequest(models.Model):
    """One amount that the pretended wallet was asked for: what it answered, and if it went back."""

    reference = models.CharField(max_length=40, unique=True, help_text="The asker's own.")
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    currency = models.CharField(max_length=3)
    rail_reference = models.CharField(max_length=40)
    is_sent_back = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="demo_rail_amount_is_positive", condition=Q(amount__gt=0, amount__lt=10**16)
            )
        ]

    def __str__(self):
        return f"{self.rail_reference} for {self.reference}"

    @property
    def money(self) -> Money:
        """What the wallet gave."""
        return Money.rounded(self.amount, self.currency)
