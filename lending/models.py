"""Index of the lending floor's rooms. Django finds the tables here; people find the rooms here."""

from lending.products.models import GradePrice, LendingLimit, LoanProduct, LoanTerm, SectorTerm

__all__ = ["GradePrice", "LendingLimit", "LoanProduct", "LoanTerm", "SectorTerm"]
