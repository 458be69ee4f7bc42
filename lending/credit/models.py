"""The dated terms by which a limit is worked out."""

from django.db import models
from django.db.models import Q

from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedNumber, DatedTerm


class CreditTerm(DatedNumber):
    """Whole numbers of the credit policy (kenya.md 4.5); `kind` is one of Kind."""

    class Kind(models.TextChoices):
        DEPOSIT_DAYS = "DEPOSIT_DAYS", "Days back of which deposits count"
        LEAST_DEPOSITS = "LEAST_DEPOSITS", "The fewest deposits that make an average"
        LIMIT_PERCENT = "LIMIT_PERCENT", "What percentage of the average deposit is lent"
        NEWCOMER_MONTHS = "NEWCOMER_MONTHS", "Months for which somebody is a newcomer"
        OFFER_DAYS = "OFFER_DAYS", "Days for which an offer stands"
        ANSWER_HOURS = "ANSWER_HOURS", "Hours in which a person answers an application"
        REVIEW_DAYS = "REVIEW_DAYS", "Working days in which a person looks again at a refusal"
        INCOME_MONTHS = "INCOME_MONTHS", "Months back over which income is seen"
        GROSS_PART = "GROSS_PART", "One part of so many of gross pay stays after instalments"
        SALARY_MONTHS = "SALARY_MONTHS", "Months in a row in which a salary came through the bank"
        AGE_AT_END = "AGE_AT_END", "The most years of age when a mortgage ends"
        SALARY_TIMES = "SALARY_TIMES", "How many times the net salary is advanced"


class CreditCap(DatedTerm):
    """The most that a customer of a tier is lent at once without security, in KES."""

    tier = models.ForeignKey("accounts.Tier", on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lending_one_cap_a_tier_and_start", fields=["tier", "effective_from"]
            ),
            models.CheckConstraint(
                name="lending_cap_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="lending_cap_is_sound", condition=Q(amount__gte=0, amount__lt=10**12)
            ),
        ]

    def __str__(self):
        return f"{self.tier_id} from {self.effective_from}"


class ProductCap(DatedTerm):
    """
    The most that a customer of a tier is lent of a product that is paid back by instalments, in
    KES (kenya.md 7.1); without a row it is not lent at that tier.
    """

    product = models.ForeignKey("lending.LoanProduct", on_delete=models.PROTECT, related_name="+")
    tier = models.ForeignKey("accounts.Tier", on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lending_one_cap_a_product_tier_and_start",
                fields=["product", "tier", "effective_from"],
            ),
            models.CheckConstraint(
                name="lending_product_cap_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="lending_product_cap_is_sound", condition=Q(amount__gte=0, amount__lt=10**12)
            ),
        ]

    def __str__(self):
        return f"{self.product_id} {self.tier_id} from {self.effective_from}"
