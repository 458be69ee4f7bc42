"""Top-ups: money that a customer asks to bring in."""

import uuid

from django.db import models
from django.db.models import Q

from ledger.money import Money
from payments.topups.states import TopUpState


class TopUp(models.Model):
    """One request to bring money in over a funding rail, booked when the rail confirms it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    customer = models.ForeignKey("accounts.Customer", on_delete=models.PROTECT, related_name="+")
    reference = models.UUIDField(help_text="The idempotency key of the form.")
    account = models.ForeignKey(
        "accounts.DepositAccount", on_delete=models.PROTECT, related_name="topups"
    )
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    currency = models.CharField(max_length=3, default="KES")
    rail = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=TopUpState.choices, default=TopUpState.STARTED)
    receipt_no = models.CharField(max_length=12, blank=True, default="")
    rail_reference = models.CharField(max_length=40, blank=True, default="")
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="topup_reference_is_used_once_by_its_customer",
                fields=["customer", "reference"],
            ),
            models.UniqueConstraint(
                name="topup_receipt_number_is_unique",
                fields=["receipt_no"],
                condition=~Q(receipt_no=""),
            ),
            models.UniqueConstraint(
                name="topup_has_its_own_entry", fields=["entry"], condition=Q(entry__isnull=False)
            ),
            models.CheckConstraint(
                name="topup_amount_is_positive", condition=Q(amount__gt=0, amount__lt=10**16)
            ),
            models.CheckConstraint(
                name="topup_is_paid_with_an_entry",
                condition=(~Q(state="PAID") & Q(entry__isnull=True))
                | (Q(state="PAID", entry__isnull=False, paid_at__isnull=False) & ~Q(receipt_no="")),
            ),
        ]

    def __str__(self):
        return f"top-up {self.public_id}"

    @property
    def money(self) -> Money:
        """What is added to the account."""
        return Money.rounded(self.amount, self.currency)

    @property
    def is_paid(self) -> bool:
        return self.state == TopUpState.PAID

    @property
    def is_failed(self) -> bool:
        return self.state == TopUpState.FAILED

    @property
    def is_returned(self) -> bool:
        """The rail took the money and is told to give it back; it will never be added."""
        return self.state == TopUpState.RETURNED

    @property
    def is_final(self) -> bool:
        return self.is_paid or self.is_failed or self.is_returned
