"""A loan, as it was taken, and its schedule. What is still owed of it stands in the books."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ledger.money import Money
from lending.loans.states import OWED, LoanState


class Loan(models.Model):
    """
    Money lent on the terms of one day. Its principal is the balance of its ledger account; what was
    agreed to is kept by the SHA-256 of the words that were shown. `percent` is the loan's own rate,
    of the whole where it is one charge.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    number = models.CharField(max_length=10, unique=True)
    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, related_name="loans"
    )
    business = models.ForeignKey(
        "accounts.Business", on_delete=models.PROTECT, null=True, related_name="loans",
        help_text="Which borrows; the customer is the director who asked.",
    )  # fmt: skip
    application = models.OneToOneField(
        "lending.LoanApplication", on_delete=models.PROTECT, related_name="loan"
    )
    product = models.ForeignKey("lending.LoanProduct", on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey("lending.LoanTerm", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        "accounts.DepositAccount", on_delete=models.PROTECT, related_name="loans",
        help_text="Where it was paid out, and from where it is collected.",
    )  # fmt: skip
    ledger_account = models.OneToOneField(
        "ledger.LedgerAccount", on_delete=models.PROTECT, related_name="loan"
    )
    principal = models.DecimalField(max_digits=20, decimal_places=4)
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    fee = models.DecimalField(
        max_digits=20, decimal_places=4, default=0,
        help_text="Without its duty: income little by little, as interest is earned.",
    )  # fmt: skip
    tenor = models.SmallIntegerField()
    start_date = models.DateField(help_text="The business date on which it was paid out.")
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT, related_name="+")
    receipt_no = models.CharField(max_length=12, unique=True)
    agreed_hash = models.CharField(max_length=64, help_text="SHA-256 of the key facts shown.")
    agreed_by = models.CharField(max_length=7, help_text="PIN, CODE, TOTP or KEY.")
    agreed_at = models.DateTimeField()
    state = models.CharField(max_length=11, choices=LoanState.choices, default=LoanState.ACTIVE)
    paid_date = models.DateField(null=True, help_text="The business date of its last shilling.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "-id"], name="loans_of_customer")]
        constraints = [
            # RF03: whatever two applications decide at once, one such loan is owed.
            models.UniqueConstraint(
                name="loan_one_active_of_a_product",
                fields=["customer", "product"],
                condition=Q(state__in=["ACTIVE", "WRITTEN_OFF"], business__isnull=True),
            ),
            models.UniqueConstraint(
                name="loan_one_active_of_a_business",
                fields=["business", "product"],
                condition=Q(state__in=["ACTIVE", "WRITTEN_OFF"], business__isnull=False),
            ),
            models.CheckConstraint(
                name="loan_principal_is_positive",
                condition=Q(principal__gt=0, percent__gte=0, fee__gte=0),
            ),
            models.CheckConstraint(
                name="loan_is_paid_on_a_day",
                condition=Q(state__in=["PAID", "RECOVERED"], paid_date__isnull=False)
                | Q(state__in=["ACTIVE", "WRITTEN_OFF"], paid_date__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.number

    @property
    def money(self) -> Money:
        """What was lent."""
        return Money.rounded(self.principal, "KES")

    @property
    def party(self):
        """Who owes it: the business, if it is one's, else the customer."""
        return self.business if self.business_id else self.customer

    @property
    def is_active(self) -> bool:
        return self.state == LoanState.ACTIVE

    @property
    def is_written_off(self) -> bool:
        """It is off the books, and owed all the same."""
        return self.state == LoanState.WRITTEN_OFF

    @property
    def is_off_books(self) -> bool:
        """It was written off, whatever was paid of it since."""
        return self.state in (LoanState.WRITTEN_OFF, LoanState.RECOVERED)

    @property
    def is_owed(self) -> bool:
        return self.state in OWED

    @property
    def is_paid(self) -> bool:
        return self.state in (LoanState.PAID, LoanState.RECOVERED)


class ScheduleVersion(models.Model):
    """Why a loan's schedule is another from a day on. The first is that of the payout."""

    class Why(models.TextChoices):
        PAID_AHEAD = "PAID_AHEAD", _("Paid ahead")
        RESTRUCTURED = "RESTRUCTURED", _("Agreed anew")
        REPLAYED = "REPLAYED", _("As before payments that were taken back")

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="versions")
    version = models.SmallIntegerField()
    why = models.CharField(max_length=12, choices=Why.choices)
    business_date = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="loan_one_version_of_a_number", fields=["loan", "version"]
            ),
            models.CheckConstraint(
                name="loan_version_follows_the_first", condition=Q(version__gt=1)
            ),
        ]

    def __str__(self):
        return f"{self.loan_id} version {self.version}"


class StandingInstalments(models.Manager):
    """Instalments that stand: those of a schedule as it is now."""

    def get_queryset(self):
        return super().get_queryset().filter(ended_in=None)


class LoanInstalment(models.Model):
    """
    What a due date of a schedule takes. `contractual` is the day its interest runs to, `due` the
    business day on which it is taken. A new version ends some instalments and adds others. What of
    its principal stands in later ones now is `moved`; what of its interest is asked for in others,
    or never (section 44A of the Banking Act), is `waived`.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="instalments")
    version = models.SmallIntegerField(default=1)
    number = models.SmallIntegerField()
    contractual = models.DateField()
    due = models.DateField()
    principal = models.DecimalField(max_digits=20, decimal_places=4)
    interest = models.DecimalField(max_digits=20, decimal_places=4)
    waived = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    moved = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    ended_in = models.SmallIntegerField(
        null=True, help_text="The version in which it stands no more."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager()
    standing = StandingInstalments()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="loan_one_instalment_of_a_number", fields=["loan", "version", "number"]
            ),
            models.UniqueConstraint(
                name="loan_one_instalment_stands", fields=["loan", "number"],
                condition=Q(ended_in=None),
            ),
            models.CheckConstraint(
                name="loan_instalment_is_sound",
                condition=Q(principal__gte=0, interest__gte=0, due__gte=F("contractual"))
                & Q(waived__gte=0, waived__lte=F("interest"))
                & Q(moved__gte=0, moved__lte=F("principal")),
            ),
            models.CheckConstraint(
                name="loan_instalment_ends_after_it_began",
                condition=Q(ended_in=None) | Q(ended_in__gt=F("version")),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.loan_id} #{self.number} due {self.due}"

    @property
    def asked_principal(self) -> Decimal:
        """What it takes of the principal, in KES."""
        return self.principal - self.moved

    @property
    def asked_interest(self) -> Decimal:
        """What is asked for of its interest, in KES."""
        return self.interest - self.waived
