"""What an app asked a customer to pay, and the transfer that came of it."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.deposits.models import ReachedBy
from ledger.money import Money
from payments.initiation.states import State


class PartnerPayment(models.Model):
    """An app's request to pay somebody from a shared account. It moves no money itself."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    app = models.ForeignKey("accounts.PartnerApp", on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey(
        "accounts.PartnerConsent", on_delete=models.PROTECT, related_name="+"
    )
    reference = models.UUIDField(help_text="The idempotency key of the request.")
    source = models.ForeignKey(
        "accounts.DepositAccount", on_delete=models.PROTECT, related_name="+"
    )
    target = models.ForeignKey(
        "accounts.DepositAccount", on_delete=models.PROTECT, related_name="+"
    )
    reached_by = models.CharField(max_length=10, choices=ReachedBy.choices)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    currency = models.CharField(max_length=3, default="KES")
    reason = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    transfer = models.ForeignKey(  # Found by its own unique index.
        "payments.Transfer",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="asked_as",
    )
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="initiation_reference_is_used_once_by_its_app", fields=["app", "reference"]
            ),
            models.UniqueConstraint(name="initiation_has_its_transfer_alone", fields=["transfer"]),
            models.CheckConstraint(
                name="initiation_amount_is_positive", condition=Q(amount__gt=0, amount__lt=10**16)
            ),
            models.CheckConstraint(
                name="initiation_is_paid_by_a_transfer",
                condition=~Q(state="COMPLETED") | Q(transfer__isnull=False),
            ),
            models.CheckConstraint(
                name="initiation_ends_once",
                condition=Q(state="PENDING", ended_at=None)
                | (~Q(state="PENDING") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"payment {self.public_id}"

    @property
    def money(self) -> Money:
        """What the payee shall get."""
        return Money.rounded(self.amount, self.currency)

    @property
    def subject(self) -> str:
        """The object's name in events."""
        return f"payment:{self.public_id}"

    def state_at(self, at) -> str:
        """
        Its state at a moment: one whose transfer was sent is paid, although nobody noted it yet,
        and one that nobody authorised in time has expired, once its draft cannot be sent any more.
        """
        if self.state != State.PENDING:
            return self.state
        if self.transfer is not None and self.transfer.is_sent:
            return State.COMPLETED
        is_held = self.transfer is not None and self.transfer.is_draft
        ends = max(self.expires_at, self.transfer.held_until) if is_held else self.expires_at
        return "EXPIRED" if at >= ends else self.state
