"""Terms of interest-bearing accounts, and the interest that was earned and paid."""

from django.db import models
from django.db.models import Q

from ledger.money import Money
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedTerm


class InterestTerm(DatedTerm):
    """What a product earns: a rate a year on each day's balance, from some balance on."""

    product = models.ForeignKey("accounts.Product", on_delete=models.PROTECT, related_name="+")
    annual_percent = models.DecimalField(max_digits=7, decimal_places=4)
    days_in_year = models.SmallIntegerField(help_text="365, in leap years too.")
    least_balance = models.DecimalField(
        max_digits=20, decimal_places=4, help_text="A day that ends below it earns nothing."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="savings_one_rate_a_product_and_start", fields=["product", "effective_from"]
            ),
            models.CheckConstraint(
                name="savings_rate_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="savings_rate_is_sound",
                condition=Q(annual_percent__gte=0, annual_percent__lte=100)
                & Q(days_in_year__in=[360, 365, 366])
                & Q(least_balance__gte=0, least_balance__lt=10**16),
            ),
        ]

    def __str__(self):
        return f"{self.annual_percent}% on {self.product_id} from {self.effective_from}"


class DepositTerm(DatedTerm):
    """What must stay in a product's accounts, and what one is opened with."""

    product = models.ForeignKey("accounts.Product", on_delete=models.PROTECT, related_name="+")
    minimum_balance = models.DecimalField(max_digits=20, decimal_places=4)
    opening_deposit = models.DecimalField(max_digits=20, decimal_places=4)
    early_closure_months = models.SmallIntegerField(
        default=0, help_text="Closed sooner after its opening, an account pays the closing fee."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="savings_one_minimum_a_product_and_start",
                fields=["product", "effective_from"],
            ),
            models.CheckConstraint(
                name="savings_minimum_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="savings_minimum_is_sound",
                condition=Q(minimum_balance__gte=0, opening_deposit__lt=10**16)
                & Q(opening_deposit__gte=models.F("minimum_balance")),
            ),
            models.CheckConstraint(
                name="savings_early_closure_is_a_number_of_months",
                condition=Q(early_closure_months__gte=0, early_closure_months__lte=120),
            ),
        ]

    def __str__(self):
        return f"{self.minimum_balance} stay in {self.product_id} from {self.effective_from}"


class InterestAccrual(models.Model):
    """
    What one account earned on one day, to a millionth. A posting with an earlier value date adds a
    row for each day that it changes, booked when that was found. The day on which an account is
    closed earns nothing; its row brings what is owed to whole cents. A table in monthly parts; only
    the functions `savings_accrue` and `savings_end_interest` write it.
    """

    pk = models.CompositePrimaryKey("booked_on", "account_id", "for_day")
    booked_on = models.DateField(help_text="The business date whose close found it.")
    account = models.ForeignKey(
        "ledger.LedgerAccount",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    for_day = models.DateField(help_text="The day that earned it.")
    base = models.DecimalField(
        max_digits=20, decimal_places=4, help_text="The balance at the end of the day, cleared."
    )
    annual_percent = models.DecimalField(max_digits=7, decimal_places=4)
    days_in_year = models.SmallIntegerField()
    least_balance = models.DecimalField(max_digits=20, decimal_places=4)
    amount = models.DecimalField(max_digits=20, decimal_places=6)

    def __str__(self):
        return f"{self.amount} on {self.account_id} for {self.for_day}"


class InterestJournal(models.Model):
    """What all accounts earned on a business date, booked as interest owed to customers."""

    business_date = models.DateField(primary_key=True)
    accrued = models.DecimalField(max_digits=24, decimal_places=6)
    carried_in = models.DecimalField(max_digits=12, decimal_places=6)
    booked = models.DecimalField(max_digits=20, decimal_places=4)
    carried_out = models.DecimalField(
        max_digits=12, decimal_places=6, help_text="Less than a cent, for the next date."
    )
    entry = models.ForeignKey(
        "ledger.Entry", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    late_entry = models.BigIntegerField(
        help_text="Entries from here on came after the date had ended; the next one counts them."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.booked} for {self.business_date}"


class InterestPayment(models.Model):
    """
    Interest paid into an account at the end of a month, or when it was closed, and the tax that was
    kept back.
    """

    account = models.ForeignKey(
        "accounts.DepositAccount", on_delete=models.PROTECT, related_name="interest_payments"
    )
    paid_on = models.DateField(help_text="Business date: the last of what it pays for.")
    accrued = models.DecimalField(max_digits=20, decimal_places=6)
    carried_in = models.DecimalField(max_digits=12, decimal_places=6)
    gross = models.DecimalField(max_digits=20, decimal_places=4)
    tax_percent = models.DecimalField(max_digits=7, decimal_places=4)
    tax = models.DecimalField(max_digits=20, decimal_places=4)
    carried_out = models.DecimalField(
        max_digits=12, decimal_places=6, help_text="Less than a cent, for the next payment."
    )
    entry = models.ForeignKey(
        "ledger.Entry", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="savings_interest_is_paid_once_a_date", fields=["account", "paid_on"]
            )
        ]
        indexes = [
            models.Index(
                name="savings_interest_by_entry", fields=["entry"], condition=Q(entry__isnull=False)
            )
        ]

    def __str__(self):
        return f"{self.gross} on {self.paid_on}"

    @property
    def gross_money(self) -> Money:
        return Money.rounded(self.gross, "KES")

    @property
    def tax_money(self) -> Money:
        return Money.rounded(self.tax, "KES")

    @property
    def net_money(self) -> Money:
        """What came into the account."""
        return self.gross_money - self.tax_money
