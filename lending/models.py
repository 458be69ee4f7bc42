"""Index of the lending floor's rooms. Django finds the tables here; people find the rooms here."""

from lending.credit.models import CreditCap, CreditTerm
from lending.products.models import GradePrice, LendingLimit, LoanProduct, LoanTerm, SectorTerm
from lending.scoring.models import Scorecard
from lending.stops.models import LendingStop, StoppedAttempt

__all__ = [
    "CreditCap",
    "CreditTerm",
    "GradePrice",
    "LendingLimit",
    "LendingStop",
    "LoanProduct",
    "LoanTerm",
    "Scorecard",
    "SectorTerm",
    "StoppedAttempt",
]
