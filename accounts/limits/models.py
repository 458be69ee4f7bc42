"""Tiers and the dated rows that say what each may hold and send."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedTerm

# Labels are data, in English; these are the ones that translators know.
KNOWN_LABELS = (
    gettext_noop("Basic"),
    gettext_noop("Standard"),
    gettext_noop("Premium"),
    gettext_noop("Business"),
)


class Tier(models.Model):
    """A level of knowing the customer (X2: one table carrying both code and label)."""

    code = models.CharField(max_length=10, primary_key=True)
    label = models.CharField(max_length=40)
    rank = models.SmallIntegerField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return self.label


class TierLimit(DatedTerm):
    """One limit of one tier over a span of days; None as amount means that there is none."""

    class Kind(models.TextChoices):
        MAXIMUM_BALANCE = "MAXIMUM_BALANCE", _("Maximum balance")
        PER_TRANSFER = "PER_TRANSFER", _("Each transfer")
        DAILY_OUT = "DAILY_OUT", _("Out in a day")
        MONTHLY_OUT = "MONTHLY_OUT", _("Out in a month")
        LOAN_CAP = "LOAN_CAP", _("Borrowed at most")
        PIN_UP_TO = "PIN_UP_TO", _("Authorised by PIN alone, up to")

    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="limits")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    amount = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, default="KES")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="limits_one_row_a_tier_kind_and_start",
                fields=["tier", "kind", "currency", "effective_from"],
            ),
            models.CheckConstraint(
                name="limits_end_after_they_start",
                condition=ENDS_AFTER_IT_STARTS,
            ),
            models.CheckConstraint(
                name="limits_amount_is_positive_or_none",
                condition=Q(amount__isnull=True) | Q(amount__gt=0, amount__lt=10**16),
            ),
        ]

    def __str__(self):
        return f"{self.tier_id} {self.kind} from {self.effective_from}"
