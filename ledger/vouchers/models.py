"""Vouchers and their lines: what one person writes, and another lets into the books."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ledger.approvals.states import ApprovalState
from ledger.chart.models import LedgerAccount, Side
from ledger.journal.models import Entry
from ledger.money import Money


class Voucher(models.Model):
    """
    A journal or a reversal by hand. It is a draft until a second person is asked; from then on it
    has its number and stays as it is (a trigger). `entry` is what it became in the books.

    Its state is that of its request, so that the two never disagree.
    """

    class Kind(models.TextChoices):
        CORRECTION = "CORRECTION", "Correction"
        ACCRUAL = "ACCRUAL", "Accrual or provision"
        TRANSFER = "TRANSFER", "Transfer between lines"
        COST = "COST", "Cost or income of the bank"
        REVERSAL = "REVERSAL", "Reversal of an entry"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    number = models.CharField(max_length=12, blank=True, default="", help_text="JV26-00001")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    narrative = models.CharField(max_length=140, help_text="What it is for; the entry's memo.")
    value_date = models.DateField(
        null=True, blank=True, help_text="Empty is the business date on which it is posted."
    )
    paper_ref = models.CharField(
        max_length=60, blank=True, default="", help_text="The invoice, letter or slip behind it."
    )
    customer_reason = models.CharField(
        max_length=140, blank=True, default="", help_text="Why a customer's account is touched."
    )
    reverses = models.ForeignKey(
        Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    may_overdraw = models.BooleanField(
        default=False, help_text="The mirror may take an account below zero."
    )
    maker = models.CharField(max_length=80)
    maker_person = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    approval = models.OneToOneField(
        "ledger.Approval", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="voucher"
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_voucher_number_is_used_once",
                fields=["number"],
                condition=~Q(number=""),
            ),
            models.CheckConstraint(
                name="ledger_voucher_has_a_number_once_it_is_asked",
                condition=Q(approval=None, number="") | (Q(approval__isnull=False) & ~Q(number="")),
            ),
            models.CheckConstraint(
                name="ledger_voucher_is_posted_by_its_approval",
                condition=Q(entry=None) | Q(approval__isnull=False),
            ),
            models.CheckConstraint(
                name="ledger_voucher_reverses_if_it_is_a_reversal",
                condition=Q(kind="REVERSAL", reverses__isnull=False)
                | (~Q(kind="REVERSAL") & Q(reverses=None, may_overdraw=False)),
            ),
            models.CheckConstraint(
                name="ledger_voucher_has_a_maker", condition=~Q(maker="") & ~Q(maker_person="")
            ),
        ]

    def __str__(self):
        return self.number or f"Draft {self.pk}"

    @property
    def is_draft(self) -> bool:
        """Nobody was asked yet: the maker may change it."""
        return self.approval_id is None

    @property
    def is_reversal(self) -> bool:
        return self.kind == self.Kind.REVERSAL

    @property
    def state(self) -> str:
        """DRAFT, or what became of the request for it; POSTED once the books have it."""
        if self.approval_id is None:
            return "DRAFT"
        is_posted = self.approval.state == ApprovalState.APPROVED
        return "POSTED" if is_posted else self.approval.state


class VoucherLine(models.Model):
    """One line of a voucher: an account, a side and an amount in the account's currency."""

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="lines")
    place = models.SmallIntegerField(help_text="From 1.")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=6, choices=Side.choices)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_voucher_line_stands_once", fields=["voucher", "place"]
            ),
            models.CheckConstraint(
                name="ledger_voucher_line_amount_is_finite",
                condition=Q(amount__gt=0, amount__lt=10**16),
            ),
            models.CheckConstraint(
                name="ledger_voucher_line_side_is_known", condition=Q(side__in=Side.values)
            ),
            models.CheckConstraint(
                name="ledger_voucher_line_has_a_place", condition=Q(place__gte=1)
            ),
        ]

    def __str__(self):
        return f"{self.voucher_id}/{self.place}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.account.currency_id)

    @property
    def is_debit(self) -> bool:
        return self.side == Side.DEBIT
