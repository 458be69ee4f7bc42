"""Statements as files: asked for, made, kept for some days; and the figures they vouch for."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.statements.states import FileState
from ledger.money import Money
from wekeza.kit.dated import DatedNumber
from wekeza.kit.sealed_files import SealedFileField


class StatementTerm(DatedNumber):
    """A bound of making and keeping statements as files, as a dated row."""

    class Kind(models.TextChoices):
        ROWS_AT_ONCE = "ROWS_AT_ONCE"  # A statement with more is made by the worker.
        MOST_ROWS = "MOST_ROWS"  # One with still more is not made; shorter dates are.
        MOST_AN_HOUR = "MOST_AN_HOUR"  # Files that one customer may ask for.
        KEPT_DAYS = "KEPT_DAYS"  # After this the file goes; its figures can be verified still.


class StatementFile(models.Model):
    """
    A statement that a customer asked for as a file. When it is made, its figures are written here
    with the fingerprint of the file, so that whoever is shown it can verify it by its code.
    """

    class Form(models.TextChoices):
        PDF = "PDF", _("PDF")
        XLSX = "XLSX", _("Excel")
        CSV = "CSV", _("CSV")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    code = models.CharField(max_length=20, unique=True, help_text="By which anybody verifies it.")
    customer = models.ForeignKey("accounts.Customer", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        "accounts.DepositAccount", on_delete=models.PROTECT, related_name="+"
    )
    from_date = models.DateField(help_text="The first business date.")
    to_date = models.DateField(help_text="The last business date.")
    form = models.CharField(max_length=4, choices=Form.choices)
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=7, choices=FileState.choices, default=FileState.WAITING)
    rows_total = models.PositiveIntegerField(help_text="As it was asked for.")
    rows_done = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3)
    opening = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    money_in = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    money_out = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    closing = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    sha256 = models.CharField(max_length=64, blank=True, default="", help_text="Of the file.")
    size_bytes = models.PositiveIntegerField(default=0)
    file = SealedFileField(context="statement.file", bound_to=("public_id", "account_id", "form"))
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    kept_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-id"], name="statements_files_of_customer"),
            models.Index(
                fields=["kept_until"], name="statements_files_to_go", condition=Q(state="MADE")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="statements_file_ends_after_it_begins",
                condition=Q(to_date__gte=models.F("from_date")),
            ),
            models.CheckConstraint(
                name="statements_file_made_tells_its_figures",
                condition=~Q(state__in=["MADE", "GONE"])
                | (
                    Q(opening__isnull=False, closing__isnull=False, made_at__isnull=False)
                    & ~Q(sha256="")
                ),
            ),
            models.CheckConstraint(
                name="statements_file_adds_up",
                condition=Q(opening__isnull=True)
                | Q(closing=models.F("opening") + models.F("money_in") - models.F("money_out")),
            ),
            models.CheckConstraint(
                name="statements_file_lies_while_it_is_kept",
                condition=(Q(state="MADE") & ~Q(file="")) | (~Q(state="MADE") & Q(file="")),
            ),
        ]

    def __str__(self):
        return f"{self.form} {self.public_id}"

    @property
    def is_waiting(self) -> bool:
        return self.state == FileState.WAITING

    @property
    def is_made(self) -> bool:
        return self.state == FileState.MADE

    @property
    def is_failed(self) -> bool:
        return self.state == FileState.FAILED

    @property
    def opening_money(self) -> Money:
        return Money.rounded(self.opening, self.currency)

    @property
    def closing_money(self) -> Money:
        return Money.rounded(self.closing, self.currency)

    @property
    def name(self) -> str:
        """What the file is called when it is kept: the account's last digits and the dates."""
        dates = f"{self.from_date:%Y%m%d}-{self.to_date:%Y%m%d}"
        return f"wekeza-{self.account.ending}-{dates}.{self.form.lower()}"
