"""What a business tells of itself when it asks for a loan."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.money import Money
from lending.products.models import SectorTerm


class Evidence(models.TextChoices):
    """By what its turnover is shown, the best first (kenya.md 4.5)."""

    AUDITED = "AUDITED", _("Audited accounts")
    VAT_RETURNS = "VAT_RETURNS", _("VAT returns")
    BANK_STATEMENTS = "BANK_STATEMENTS", _("Bank statements")
    DECLARED = "DECLARED", _("No papers, only what I say here")


class Security(models.TextChoices):
    """What stands for the loan should the business not pay it."""

    NONE = "NONE", _("None")
    GUARANTEE = "GUARANTEE", _("A guarantee of its directors")
    DEBENTURE = "DEBENTURE", _("A debenture over what the business owns")


@dataclass(frozen=True, slots=True)
class Told:
    """
    The figures of a business: turnover and `ebitda` (profit before interest, tax and depreciation)
    in KES a year, `debt_monthly` what its loans elsewhere take in a month.
    """

    sector: SectorTerm
    evidence: str
    turnover: Money
    ebitda: Money
    debt_monthly: Money
    largest_customer_percent: int
    years_trading: int
    security: str
    security_value: Money

    @property
    def is_declared_only(self) -> bool:
        """No paper shows its turnover."""
        return self.evidence == Evidence.DECLARED

    @property
    def is_secured(self) -> bool:
        return self.security != Security.NONE
