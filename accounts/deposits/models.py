"""Customers' deposit accounts. The money is in the ledger; here is whose it is and its number."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def owner_ref(*, customer: int | None, business: int | None) -> str:
    """This will name a party by its id: the business if there is one, else the customer."""
    return f"business:{business}" if business else f"customer:{customer}"


class ReachedBy(models.TextChoices):
    """By what an account was found that somebody wants to pay into."""

    ACCOUNT = "ACCOUNT", _("Account number")
    PHONE = "PHONE", _("Phone number")


class NumberSeries(models.Model):
    """The next free serial of account numbers, for each branch and product."""

    branch = models.CharField(max_length=3)
    product = models.ForeignKey("accounts.Product", on_delete=models.PROTECT, related_name="+")
    next_serial = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "number series"
        constraints = [
            models.UniqueConstraint(
                name="deposits_one_series_a_branch_and_product", fields=["branch", "product"]
            ),
            models.CheckConstraint(
                name="deposits_serial_fits_seven_digits",
                condition=Q(next_serial__gte=1, next_serial__lte=10_000_000),
            ),
        ]

    def __str__(self):
        return f"{self.branch}-{self.product_id}"


class DepositAccount(models.Model):
    """An account that a customer or a business holds, over exactly one ledger account."""

    class Status(models.TextChoices):
        ACTIVE = "ACTIVE", _("Active")
        FROZEN = "FROZEN", _("Frozen")
        CLOSED = "CLOSED", _("Closed")

    number = models.CharField(max_length=13, unique=True)
    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, null=True, related_name="deposit_accounts"
    )
    business = models.ForeignKey(
        "accounts.Business", on_delete=models.PROTECT, null=True, related_name="deposit_accounts"
    )
    product = models.ForeignKey("accounts.Product", on_delete=models.PROTECT, related_name="+")
    ledger_account = models.OneToOneField(
        "ledger.LedgerAccount", on_delete=models.PROTECT, related_name="deposit_account"
    )
    branch = models.CharField(max_length=3, default="001")
    opened_date = models.DateField(help_text="Business date.")
    closed_date = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="deposits_account_has_one_holder",
                condition=Q(customer__isnull=False, business__isnull=True)
                | Q(customer__isnull=True, business__isnull=False),
            )
        ]

    def __str__(self):
        return self.number

    @property
    def holder(self):
        """The party whose money it is: a customer, or a business."""
        return self.business if self.business_id else self.customer

    @property
    def holder_name(self) -> str:
        return self.business.name if self.business_id else self.customer.full_name

    @property
    def owner_ref(self) -> str:
        """The name under which references and limits of its holder stand."""
        return owner_ref(customer=self.customer_id, business=self.business_id)

    @property
    def ending(self) -> str:
        """The last four digits, for pages that others may see."""
        return self.number[-4:]
