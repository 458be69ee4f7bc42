"""Index of the lending floor's rooms. Django finds the tables here; people find the rooms here."""

from lending.bureau.models import BureauEnquiry, BureauTerm
from lending.credit.models import CreditCap, CreditTerm
from lending.products.models import GradePrice, LendingLimit, LoanProduct, LoanTerm, SectorTerm
from lending.scoring.models import Scorecard

__all__ = [
    "BureauEnquiry",
    "BureauTerm",
    "CreditCap",
    "CreditTerm",
    "GradePrice",
    "LendingLimit",
    "LoanProduct",
    "LoanTerm",
    "Scorecard",
    "SectorTerm",
]
