"""Holds on customers' accounts. Only the ledger's functions write them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ledger.chart.models import LedgerAccount
from ledger.holds.states import HoldKind, HoldState
from ledger.money import Money


class Hold(models.Model):
    """
    An amount that an account still has and may not spend. An entry takes it, in part or whole
    (`ledger.journal`), somebody gives it back, or it ends when its last business date closes.
    """

    owner = models.CharField(max_length=40, help_text="Whose reference this is.")
    reference = models.CharField(max_length=80, help_text="The asker's idempotency key.")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=10, choices=HoldKind.choices)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    captured = models.DecimalField(
        max_digits=20, decimal_places=4, db_default=0, help_text="What entries have taken of it."
    )
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=140, help_text="In words for the account's holder.")
    state = models.CharField(max_length=8, choices=HoldState.choices)
    expires_on = models.DateField(
        null=True, help_text="The last business date on which it stands; empty: until released."
    )
    placed_on = models.DateField(help_text="Business date.")
    at = models.DateTimeField(help_text="When the asker acted.")
    actor = models.CharField(max_length=80)
    source = models.CharField(max_length=80, blank=True, db_default="")
    ended_on = models.DateField(null=True, help_text="Business date.")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True, db_default="")
    end_reason = models.CharField(max_length=140, blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_hold_reference_is_used_once_by_its_owner",
                fields=["owner", "reference"],
            ),
            models.CheckConstraint(
                name="ledger_hold_is_an_amount",
                condition=Q(amount__gt=0, amount__lt=10**16)
                & Q(captured__gte=0, captured__lte=F("amount")),
            ),
            models.CheckConstraint(
                name="ledger_hold_ends_as_it_says",
                condition=Q(state=HoldState.OPEN, ended_on=None, captured__lt=F("amount"))
                | Q(state=HoldState.CAPTURED, ended_on__isnull=False, captured__gt=0)
                | Q(state__in=[HoldState.RELEASED, HoldState.EXPIRED], ended_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "id"],
                name="ledger_holds_open",
                condition=Q(state=HoldState.OPEN),
            ),
            models.Index(
                fields=["expires_on", "id"],
                name="ledger_holds_to_expire",
                condition=Q(state=HoldState.OPEN, expires_on__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.currency} {self.amount} on {self.account_id}"

    @property
    def is_open(self) -> bool:
        return self.state == HoldState.OPEN

    @property
    def money(self) -> Money:
        """What was held at first."""
        return Money.rounded(self.amount, self.currency)

    @property
    def left(self) -> Money:
        """What it still holds; nothing when it has ended."""
        if not self.is_open:
            return Money.zero(self.currency)
        return Money.rounded(self.amount - self.captured, self.currency)
