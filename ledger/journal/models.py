"""Journal entries and their postings: append-only tables that only the ledger's functions fill."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ledger.chart.models import Currency, LedgerAccount, Side
from ledger.money import Money


class Entry(models.Model):
    """One balanced event in the books. Written once, never edited; mistakes are reversed."""

    id = models.BigAutoField(primary_key=True)
    owner = models.CharField(max_length=40, help_text="Whose reference this is.")
    reference = models.CharField(max_length=80, help_text="The asker's idempotency key.")
    kind = models.CharField(max_length=30)
    receipt_no = models.CharField(max_length=12, blank=True, default="")
    business_date = models.DateField()
    value_date = models.DateField()
    at = models.DateTimeField(help_text="When the asker acted.")
    recorded_at = models.DateTimeField(db_default=Now(), help_text="The database's clock.")
    actor = models.CharField(max_length=80)
    memo = models.CharField(max_length=140, blank=True, default="")
    source = models.CharField(max_length=80, blank=True, default="")
    branch = models.CharField(max_length=3, default="001")
    counts = models.JSONField(null=True, help_text="What it took from limits, to give back.")
    legs = models.SmallIntegerField(help_text="How many postings it has; none can join later.")
    hold = models.ForeignKey(
        "ledger.Hold",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="captures",
        help_text="The hold that it takes from.",
    )
    reverses = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="reversed_by",
    )

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(
                fields=["id"],
                name="ledger_entries_back_dated",
                condition=Q(value_date__lt=F("business_date")),
            ),
            models.Index(
                fields=["hold", "id"],
                name="ledger_entries_of_holds",
                condition=Q(hold__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="ledger_entry_reference_is_used_once_by_its_owner",
                fields=["owner", "reference"],
            ),
            models.UniqueConstraint(
                name="ledger_entry_is_reversed_once",
                fields=["reverses"],
                condition=Q(reverses__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.receipt_no or self.reference}"


class Posting(models.Model):
    """
    One side of an entry: one account, one side, one positive amount, and the balance after it.

    One key serves the last rows, a month's statement and the balance on any day, because within an
    account the business date never goes back while the sequence grows. It contains the business
    date, so monthly partitions can be switched on without rewriting it (docs/decisions).
    """

    pk = models.CompositePrimaryKey("account_id", "shard", "business_date", "sequence")
    # No database foreign keys here: they cost a third of the throughput. The ledger's functions are
    # the only writers, a trigger checks the account, and an orphan proof stands behind both.
    account = models.ForeignKey(
        LedgerAccount,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="postings",
    )
    shard = models.SmallIntegerField()
    sequence = models.BigIntegerField()
    entry = models.ForeignKey(
        Entry,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="postings",
    )
    line = models.SmallIntegerField(help_text="Its place in the entry, from 1.")
    side = models.CharField(max_length=6, choices=Side.choices)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    currency = models.ForeignKey(
        Currency,
        on_delete=models.DO_NOTHING,
        db_column="currency",
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    balance_after = models.DecimalField(max_digits=20, decimal_places=4)
    business_date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_posting_line_is_written_once",
                fields=["entry", "line", "business_date"],
            )
        ]

    def __str__(self):
        return f"{self.account_id}#{self.sequence} {self.side} {self.currency_id} {self.amount}"

    @property
    def money(self) -> Money:
        return Money.rounded(self.amount, self.currency_id)


class Batch(models.Model):
    """
    Many entries of two lines each, written in one call: all of them, or those that were possible.
    Its entries stand under its reference and their number: `payroll-7#1`.
    """

    owner = models.CharField(max_length=40, help_text="Whose reference this is.")
    reference = models.CharField(max_length=70, help_text="The asker's idempotency key.")
    kind = models.CharField(max_length=30)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was asked.")
    is_partial = models.BooleanField(help_text="Lines that are refused do not stop the others.")
    lines = models.IntegerField()
    posted = models.IntegerField(help_text="How many of the lines became entries.")
    refused = models.JSONField(default=list, help_text="Line, code and facts of each refusal.")
    business_date = models.DateField()
    value_date = models.DateField()
    at = models.DateTimeField(help_text="When the asker acted.")
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(db_default=Now(), help_text="The database's clock.")

    class Meta:
        verbose_name_plural = "batches"
        constraints = [
            models.UniqueConstraint(
                name="ledger_batch_reference_is_used_once_by_its_owner",
                fields=["owner", "reference"],
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.reference}"
