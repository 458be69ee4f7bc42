"""Ledger accounts: the bank's own lines and, under their control line, one for each customer's."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ledger.money import Money

# Ids of the bank's own lines start here, above every customer's, so that hot rows lock last.
FIRST_GL_ID = 1_000_000_000_000_000


class Side(models.TextChoices):
    DEBIT = "DEBIT"
    CREDIT = "CREDIT"


class Currency(models.Model):
    """A currency and the decimals of its smallest coin (ISO 4217)."""

    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=40)
    exponent = models.SmallIntegerField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "currencies"

    def __str__(self):
        return self.code


class LedgerAccount(models.Model):
    """
    One line of the books: a GL line (KES 1150) or a customer's account under its control line.

    A control line takes no postings; its balance is the sum of its children. The balance grows on
    `normal_side`. Only the ledger's database functions write this table.
    """

    class Kind(models.TextChoices):
        ASSET = "ASSET"
        LIABILITY = "LIABILITY"
        EQUITY = "EQUITY"
        INCOME = "INCOME"
        EXPENSE = "EXPENSE"
        MEMO = "MEMO"

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    normal_side = models.CharField(max_length=6, choices=Side.choices)
    currency = models.ForeignKey(
        Currency, on_delete=models.PROTECT, db_column="currency", db_index=False, related_name="+"
    )
    branch = models.CharField(max_length=3, default="001")
    control = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    is_control = models.BooleanField(default=False)
    is_guarded = models.BooleanField(
        default=False, help_text="A customer's account: it cannot go below what is available."
    )
    freeze_reason = models.CharField(max_length=140, blank=True, db_default="")
    effective_date = models.DateField(help_text="The line stands in the chart from this date.")
    closed_date = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ledger_account_customer_has_a_control_line",
                condition=Q(is_guarded=False) | Q(control__isnull=False, is_control=False),
            ),
            models.CheckConstraint(
                name="ledger_account_side_is_known", condition=Q(normal_side__in=Side.values)
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def standing(self) -> "Balance":
        """A customer's balance row as it stands now; read anew at every call."""
        return self.balances.get(shard=0)

    @property
    def money(self) -> Money:
        """The ledger balance of a customer's account, in its own direction."""
        return Money.rounded(self.standing.balance, self.currency_id)

    @property
    def available(self) -> Money:
        """Ledger balance less holds and minimum, plus the arranged overdraft (glossary)."""
        return self.standing.available

    @property
    def is_open(self) -> bool:
        return self.closed_date is None


class Balance(models.Model):
    """
    How a ledger account stands: one row for a customer's, 64 for a line of the bank's own.

    It is narrow and alone because every posting rewrites it. On a GL line, writers pick a row by
    their connection, so that a line which every payment touches (cash, clearing, fees) does not
    make payments wait for one another; each row has a gap-free chain of its own. Currency,
    coin and side repeat the account's, which never change, to spare the hot path a second look.
    """

    pk = models.CompositePrimaryKey("account_id", "shard")
    account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, related_name="balances", db_index=False
    )
    shard = models.SmallIntegerField()
    currency = models.CharField(max_length=3)
    exponent = models.SmallIntegerField(help_text="Decimals of the currency's coin.")
    normal_side = models.CharField(max_length=6)
    balance = models.DecimalField(max_digits=20, decimal_places=4, db_default=0)
    held = models.DecimalField(max_digits=20, decimal_places=4, db_default=0)
    overdraft = models.DecimalField(max_digits=20, decimal_places=4, db_default=0)
    minimum = models.DecimalField(
        max_digits=20,
        decimal_places=4,
        db_default=0,
        help_text="What must stay in it. The bank's own fees and a closure may go below.",
    )
    maximum = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    floor = models.DecimalField(
        max_digits=20,
        decimal_places=4,
        null=True,
        help_text="Held less overdraft: the balance cannot go below it. Empty for the bank's own.",
    )
    sequence = models.BigIntegerField(db_default=0, help_text="The number of the last posting.")
    takes_debits = models.BooleanField(db_default=True)
    takes_credits = models.BooleanField(db_default=True)

    def __str__(self):
        return f"{self.account_id}/{self.shard}"

    @property
    def available(self) -> Money:
        """Ledger balance less holds and minimum, plus the arranged overdraft (glossary)."""
        return Money.rounded(available(self), self.currency)

    @property
    def is_frozen(self) -> bool:
        return not (self.takes_debits and self.takes_credits)


def available(row, prefix: str = "") -> Decimal:
    """
    This will work out what may leave an account, from the figures of its balance row under their
    names with `prefix`. Below its minimum an account has nothing to give, not less than nothing.
    """
    balance, held, overdraft, minimum = (
        getattr(row, prefix + name) for name in ("balance", "held", "overdraft", "minimum")
    )
    free = balance - held + overdraft
    return free - min(minimum, max(free, Decimal(0)))


class Counter(models.Model):
    """How much of a limit was used in one period, counted under the ledger's lock."""

    pk = models.CompositePrimaryKey("owner_ref", "kind", "period_start")
    owner_ref = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    period_start = models.DateField(help_text="Nairobi day or first of the month, by the clock.")
    used = models.DecimalField(max_digits=20, decimal_places=4, db_default=0)

    def __str__(self):
        return f"{self.owner_ref} {self.kind} {self.period_start}"
