"""Index of the desks of the lending floor."""

from lending.products.admin import GradePriceDesk, LendingLimitDesk, LoanTermDesk, SectorDesk

__all__ = ["GradePriceDesk", "LendingLimitDesk", "LoanTermDesk", "SectorDesk"]
