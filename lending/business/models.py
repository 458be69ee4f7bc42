"""What a business told with its application, and the dated terms by which it is lent to."""

from django.db import models
from django.db.models import Q

from ledger.money import Money
from lending.business.told import Evidence, Security, Told
from wekeza.kit.dated import ENDS_AFTER_IT_STARTS, DatedNumber, DatedTerm


class BusinessTerm(DatedNumber):
    """Whole numbers of lending to businesses (kenya.md 4.5, 4.7); `kind` is one of Kind."""

    class Kind(models.TextChoices):
        TURNOVER_PERCENT = "TURNOVER_PERCENT", "What percentage of a year's turnover is lent"
        COVER_PERCENT = "COVER_PERCENT", "Earnings to instalments, in percent, without a person"
        LEAST_COVER_PERCENT = "LEAST_COVER_PERCENT", "The same, below which nothing is lent"
        UNSECURED_MOST = "UNSECURED_MOST", "The most that is lent without security, in KES"
        BOUNCED_MONTHS = "BOUNCED_MONTHS", "Months back of which due dates without money count"
        PAPER_MONTHS = "PAPER_MONTHS", "Months for which a paper of turnover is used again"


class EvidenceTerm(DatedTerm):
    """What part of a turnover counts by how it is shown."""

    evidence = models.CharField(max_length=15, choices=Evidence.choices)
    factor = models.DecimalField(max_digits=4, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="lending_one_factor_an_evidence_and_start",
                fields=["evidence", "effective_from"],
            ),
            models.CheckConstraint(
                name="lending_evidence_ends_after_it_starts", condition=ENDS_AFTER_IT_STARTS
            ),
            models.CheckConstraint(
                name="lending_evidence_factor_is_a_part", condition=Q(factor__gte=0, factor__lte=1)
            ),
        ]

    def __str__(self):
        return f"{self.evidence} from {self.effective_from}"


class BusinessRequest(models.Model):
    """
    What a business told with one application, written once. The paper that shows its turnover is
    the business's own, sealed in accounts.documents.
    """

    application = models.OneToOneField(
        "lending.LoanApplication", on_delete=models.PROTECT, related_name="business_request"
    )
    sector = models.ForeignKey("lending.SectorTerm", on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=15, choices=Evidence.choices)
    document = models.ForeignKey(
        "accounts.Document", on_delete=models.PROTECT, null=True, related_name="+"
    )
    turnover = models.DecimalField(max_digits=20, decimal_places=4, help_text="KES a year.")
    ebitda = models.DecimalField(max_digits=20, decimal_places=4, help_text="KES a year.")
    debt_monthly = models.DecimalField(max_digits=20, decimal_places=4, help_text="Elsewhere.")
    largest_customer_percent = models.SmallIntegerField()
    years_trading = models.SmallIntegerField()
    security = models.CharField(max_length=9, choices=Security.choices)
    security_value = models.DecimalField(max_digits=20, decimal_places=4)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lending_turnover_is_shown_by_its_paper",
                condition=Q(evidence="DECLARED", document__isnull=True)
                | (~Q(evidence="DECLARED") & Q(document__isnull=False)),
            ),
            models.CheckConstraint(
                name="lending_security_has_a_value",
                condition=Q(security="NONE", security_value=0)
                | (~Q(security="NONE") & Q(security_value__gt=0, security_value__lt=10**12)),
            ),
            models.CheckConstraint(
                name="lending_business_figures_are_sound",
                condition=Q(turnover__gt=0, turnover__lt=10**14, ebitda__gte=0)
                & Q(ebitda__lt=10**14, debt_monthly__gte=0, debt_monthly__lt=10**12)
                & Q(largest_customer_percent__gte=0, largest_customer_percent__lte=100)
                & Q(years_trading__gte=0, years_trading__lte=300),
            ),
        ]

    def __str__(self):
        return f"figures of {self.application_id}"

    @property
    def told(self) -> Told:
        """The figures as everything reckons with them."""
        return Told(
            sector=self.sector,
            evidence=self.evidence,
            turnover=Money.rounded(self.turnover, "KES"),
            ebitda=Money.rounded(self.ebitda, "KES"),
            debt_monthly=Money.rounded(self.debt_monthly, "KES"),
            largest_customer_percent=self.largest_customer_percent,
            years_trading=self.years_trading,
            security=self.security,
            security_value=Money.rounded(self.security_value, "KES"),
        )
