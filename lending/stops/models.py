"""
Stops of lending, and every loan that one of them blocked.

A stop binds every product, the products of a segment, or one product, from the moment at which it
is kept. It never touches a repayment. It is lifted by two persons, and stays lifted.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ledger.money import Money
from lending.products.models import LoanProduct, Segment

LEAST_REASON = 10  # Letters: "error" tells nobody later what was wrong.


class Scope(models.TextChoices):
    ALL = "ALL", "All lending"
    SEGMENT = "SEGMENT", "Every loan of a kind of customer"
    PRODUCT = "PRODUCT", "One product"


class Stops(models.QuerySet):
    """Stops that are in force, that are over, or that bind a product."""

    def open(self):
        return self.filter(lifted_at=None)

    def over(self):
        return self.exclude(lifted_at=None)

    def binding(self, product: LoanProduct):
        return self.open().filter(
            Q(scope=Scope.ALL)
            | Q(scope=Scope.SEGMENT, segment=product.segment)
            | Q(scope=Scope.PRODUCT, product=product)
        )


class LendingStop(models.Model):
    """New loans are not given: which, since when, why (for staff), and how that ended."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    scope = models.CharField(max_length=7, choices=Scope.choices)
    product = models.ForeignKey(
        "lending.LoanProduct", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    segment = models.CharField(max_length=8, choices=Segment.choices, blank=True, default="")
    reason = models.CharField(max_length=500, help_text="For staff; customers never read it.")
    stopped_by = models.CharField(max_length=80)
    stopped_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=80, blank=True, default="")
    lifted_at = models.DateTimeField(null=True, blank=True)
    approval = models.ForeignKey(
        "ledger.Approval", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = Stops.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lending_stop_names_what_it_stops",
                condition=Q(scope=Scope.ALL, product=None, segment="")
                | Q(scope=Scope.SEGMENT, product=None, segment__in=Segment.values)
                | Q(scope=Scope.PRODUCT, product__isnull=False, segment=""),
            ),
            models.UniqueConstraint(
                name="lending_one_open_stop_a_scope",
                fields=["scope", "segment", "product"],
                condition=Q(lifted_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="lending_stop_says_why_and_by_whom",
                condition=Q(reason__regex=rf"\S.{{{LEAST_REASON - 2},}}\S") & ~Q(stopped_by=""),
            ),
            models.CheckConstraint(
                name="lending_stop_is_lifted_by_an_approval",
                condition=Q(lifted_at=None, lifted_by="", approval=None)
                | (Q(lifted_at__gte=F("stopped_at"), approval__isnull=False) & ~Q(lifted_by="")),
            ),
        ]

    def __str__(self):
        return f"{self.scope} {self.segment or self.product_id or ''} since {self.stopped_at}"

    @property
    def is_open(self) -> bool:
        """It is in force."""
        return self.lifted_at is None

    @property
    def is_of_all(self) -> bool:
        """It stops every new loan."""
        return self.scope == Scope.ALL

    @property
    def name(self) -> str:
        """What it stops, in words for staff."""
        if self.scope == Scope.PRODUCT:
            return self.product.name
        if self.scope == Scope.SEGMENT:
            return f"Loans {self.get_segment_display().lower()}"
        return str(Scope.ALL.label)


class StoppedAttempt(models.Model):
    """A loan that a stop blocked. Kept although the deed that wanted it was undone."""

    class What(models.TextChoices):
        APPLICATION = "APPLICATION", "Application"
        OFFER = "OFFER", "Offer"
        DISBURSEMENT = "DISBURSEMENT", "Disbursement"

    stop = models.ForeignKey(LendingStop, on_delete=models.PROTECT, related_name="attempts")
    what = models.CharField(max_length=12, choices=What.choices)
    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    product = models.ForeignKey("lending.LoanProduct", on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(
        max_digits=20, decimal_places=4, null=True, blank=True, help_text="In KES."
    )
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["stop", "-id"], name="lending_attempts_of_a_stop")]
        constraints = [
            models.CheckConstraint(
                name="lending_attempt_is_sound",
                condition=(Q(amount=None) | Q(amount__gte=0, amount__lt=10**16)) & ~Q(actor=""),
            ),
        ]

    def __str__(self):
        return f"#{self.pk} {self.what} {self.product_id} {self.at}"

    @property
    def money(self) -> Money | None:
        """How much was wanted, where that was known."""
        return None if self.amount is None else Money.rounded(self.amount, "KES")
