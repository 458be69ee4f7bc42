"""What is bought with a loan, and how much of its value a product lends, as dated rows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.money import Money
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedTerm


class Thing(models.TextChoices):
    """What people buy with a loan."""

    VEHICLE = "VEHICLE", _("A vehicle")
    EQUIPMENT = "EQUIPMENT", _("A machine or other equipment")
    HOME = "HOME", _("A home to live in")
    LET_HOME = "LET_HOME", _("A property to let")


class PurchaseTerm(DatedTerm):
    """How much of a thing's value a product lends at most (LTV; kenya.md 4.5)."""

    product = models.ForeignKey("lending.LoanProduct", on_delete=models.PROTECT, related_name="+")
    thing = models.CharField(max_length=9, choices=Thing.choices)
    most_percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lending_one_share_of_value_a_thing_and_start",
                fields=["product", "thing", "effective_from"],
            ),
            models.CheckConstraint(
                name="lending_share_of_value_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="lending_share_of_value_is_sound",
                condition=Q(most_percent__gte=0, most_percent__lte=100),
            ),
        ]

    def __str__(self):
        return f"{self.product_id} {self.thing} from {self.effective_from}"


class LoanPurchase(models.Model):
    """What an application is for: the thing, its price, and its value where a valuer told one."""

    application = models.OneToOneField(
        "lending.LoanApplication", on_delete=models.PROTECT, related_name="purchase"
    )
    thing = models.CharField(max_length=9, choices=Thing.choices)
    description = models.CharField(max_length=140)
    price = models.DecimalField(max_digits=20, decimal_places=4)
    valuation = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="loan_purchase_costs_something",
                condition=Q(price__gt=0, price__lt=10**12)
                & (Q(valuation__isnull=True) | Q(valuation__gt=0, valuation__lt=10**12)),
            )
        ]

    def __str__(self):
        return f"{self.thing} of {self.application_id}"

    @property
    def price_money(self) -> Money:
        return Money.rounded(self.price, "KES")

    @property
    def value(self) -> Money:
        """What counts: the price, or the valuer's figure where that is less."""
        return min(self.price_money, Money.rounded(self.valuation or self.price, "KES"))
