"""Index of the desks of the lending floor."""

from lending.credit.admin import CreditCapDesk, CreditTermDesk
from lending.products.admin import GradePriceDesk, LendingLimitDesk, LoanTermDesk, SectorDesk

__all__ = [
    "CreditCapDesk",
    "CreditTermDesk",
    "GradePriceDesk",
    "LendingLimitDesk",
    "LoanTermDesk",
    "SectorDesk",
]
