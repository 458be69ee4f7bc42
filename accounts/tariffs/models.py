"""Dated prices of services, and dated rates of the excise inside them."""

from django.db import models
from django.db.models import Q

from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedTerm


class ExciseClass(models.TextChoices):
    """How the Excise Duty Act sees a fee (First Schedule)."""

    MONEY_TRANSFER = "MONEY_TRANSFER"
    OTHER_FEE = "OTHER_FEE"


class Tariff(DatedTerm):
    """The price of one service as its customer pays it: the excise is inside."""

    code = models.CharField(max_length=30)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    currency = models.CharField(max_length=3, default="KES")
    excise_class = models.CharField(max_length=20, choices=ExciseClass.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="tariffs_one_price_a_service_and_start",
                fields=["code", "currency", "effective_from"],
            ),
            models.CheckConstraint(
                name="tariffs_end_after_they_start",
                condition=ENDS_AFTER_IT_STARTS,
            ),
            models.CheckConstraint(
                name="tariffs_price_is_finite_and_not_negative",
                condition=Q(amount__gte=0, amount__lt=10**16),
            ),
        ]

    def __str__(self):
        return f"{self.code} from {self.effective_from}"


class ExciseRate(DatedTerm):
    """The excise on one class of fees, in percent of the price before it."""

    excise_class = models.CharField(max_length=20, choices=ExciseClass.choices)
    rate_percent = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="tariffs_one_excise_rate_a_class_and_start",
                fields=["excise_class", "effective_from"],
            ),
            models.CheckConstraint(
                name="tariffs_excise_ends_after_it_starts",
                condition=ENDS_AFTER_IT_STARTS,
            ),
            models.CheckConstraint(
                name="tariffs_excise_is_a_percentage",
                condition=Q(rate_percent__gte=0, rate_percent__lte=100),
            ),
        ]

    def __str__(self):
        return f"excise {self.excise_class} from {self.effective_from}"


class TaxKind(models.TextChoices):
    """What the bank keeps back for the revenue authority."""

    INTEREST_RESIDENT = "INTEREST_RESIDENT"


class TaxRate(DatedTerm):
    """The withholding tax on one kind of income, in percent of the gross amount."""

    kind = models.CharField(max_length=30, choices=TaxKind.choices)
    rate_percent = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="tariffs_one_tax_rate_a_kind_and_start", fields=["kind", "effective_from"]
            ),
            models.CheckConstraint(
                name="tariffs_tax_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="tariffs_tax_is_a_percentage",
                condition=Q(rate_percent__gte=0, rate_percent__lte=100),
            ),
        ]

    def __str__(self):
        return f"tax {self.kind} from {self.effective_from}"
