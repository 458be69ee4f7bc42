"""On which line of the books each role of lending stands (decision 42)."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.chart.models import LedgerAccount
from ledger.vouchers import kept
from wekeza.kit.dated import DatedTerm


class Role(models.TextChoices):
    """What a line is for (kenya.md 11.2). That of a loan's principal is its product's."""

    INTEREST_OWED = "INTEREST_OWED", "Interest that is owed"
    PENALTIES_OWED = "PENALTIES_OWED", "Penalties that are owed"
    INTEREST_INCOME = "INTEREST_INCOME", "Interest as income"
    PENALTY_INCOME = "PENALTY_INCOME", "Penalties as income"
    FEES_DEFERRED = "FEES_DEFERRED", "Fees that are no income yet"
    FEE_INCOME = "FEE_INCOME", "Fees as income"
    SUSPENSE = "SUSPENSE", "Interest and penalties in suspense"


_KINDS = {
    Role.INTEREST_OWED: LedgerAccount.Kind.ASSET,
    Role.PENALTIES_OWED: LedgerAccount.Kind.ASSET,
    Role.FEES_DEFERRED: LedgerAccount.Kind.LIABILITY,
    Role.SUSPENSE: LedgerAccount.Kind.LIABILITY,
}
PROVEN = tuple(_KINDS)  # What these lines hold is compared with every loan (P22, P23, P25).


class LendingLine(DatedTerm):
    """
    The line on which a role of lending stands from a day on, of every product. A row holds until
    the next one of its role, which stands when nothing is left on the line before.
    """

    role = models.CharField(max_length=15, choices=Role.choices)
    line = models.CharField(max_length=20, help_text="The code of a line of the chart.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lending_one_line_a_role_and_start", fields=["role", "effective_from"]
            ),
            models.CheckConstraint(
                name="lending_line_has_a_role", condition=Q(role__in=Role.values)
            ),
            models.CheckConstraint(
                name="lending_line_ends_with_the_next",
                condition=Q(effective_to__isnull=True),
                violation_error_message="The next row ends it. Leave its last day empty",
            ),
        ]

    def __str__(self):
        return f"{self.role} on {self.line} from {self.effective_from}"

    def clean(self):
        """The line is one for its role, and nothing stands on the one before."""
        if self.role and self.line and self.effective_from:
            self._check_day()
            self._check_line()
            self._check_before()

    def _check_day(self) -> None:
        today = calendar.business_date()
        # By a later day something would stand on the old line again. Until the night is over, the
        # clock is a day ahead of the books.
        if self.effective_from > today + timedelta(days=1):
            raise ValidationError(f"A line changes as soon as it is decided: ask from {today} on")

    def _check_line(self) -> None:
        kind = _KINDS.get(self.role, LedgerAccount.Kind.INCOME)
        found = chart.lines().filter(
            code=self.line, kind=kind, currency="KES", is_control=False, closed_date=None
        )
        line = found.first()
        if line is None:
            raise ValidationError(
                f"{self.line} is no open KES line of the chart, of kind {kind}, that takes "
                "postings. Choose one"
            )
        if kept.by_line(self.line) is not None:
            raise ValidationError(f"{self.line} is kept for something else. Choose another line")
        if self.role in PROVEN and chart.line_balance(line):
            raise ValidationError(
                f"{self.line} holds {chart.line_balance(line)}. Choose an empty line"
            )

    def _check_before(self) -> None:
        before = LendingLine.objects.filter(role=self.role).order_by("effective_from").last()
        if before is None:
            return
        if balance := chart.line_balance(chart.line(before.line)):
            raise ValidationError(
                f"{balance} stand on {before.line}. The line changes when nothing stands there"
            )
