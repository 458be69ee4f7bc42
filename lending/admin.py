"""Index of the desks of the lending floor."""

from lending.arrears.admin import ArrearsTermDesk, ClassTermDesk
from lending.bureau.admin import BureauEnquiryDesk, BureauTermDesk
from lending.business.admin import BusinessTermDesk, EvidenceTermDesk
from lending.collections.admin import (
    CollectionBucketDesk,
    CollectionStepDesk,
    CollectionTermDesk,
)
from lending.credit.admin import CreditCapDesk, CreditTermDesk, ProductCapDesk
from lending.evidence.admin import LoanRequirementDesk
from lending.fraud.admin import FraudRuleDesk, FraudTermDesk
from lending.lines.admin import LendingLineDesk
from lending.monitoring.admin import MonitorTermDesk, OutcomeTermDesk, ReferenceTermDesk
from lending.products.admin import GradePriceDesk, LendingLimitDesk, LoanTermDesk, SectorDesk
from lending.provisions.admin import LossTermDesk, ProvisionTermDesk, SecurityTermDesk
from lending.purchases.admin import PurchaseTermDesk
from lending.reminders.admin import ReminderTermDesk
from lending.repayments.admin import AllocationOrderDesk
from lending.replays.admin import ReplayTermDesk
from lending.restructures.admin import RestructureTermDesk
from lending.scoring.admin import ScorecardDesk
from lending.watch.admin import WatchTermDesk
from lending.writeoffs.admin import WriteOffTermDesk

__all__ = [
    "AllocationOrderDesk",
    "ArrearsTermDesk",
    "BureauEnquiryDesk",
    "BureauTermDesk",
    "BusinessTermDesk",
    "ClassTermDesk",
    "CollectionBucketDesk",
    "CollectionStepDesk",
    "CollectionTermDesk",
    "CreditCapDesk",
    "CreditTermDesk",
    "EvidenceTermDesk",
    "FraudRuleDesk",
    "FraudTermDesk",
    "GradePriceDesk",
    "LendingLimitDesk",
    "LendingLineDesk",
    "LoanRequirementDesk",
    "LoanTermDesk",
    "LossTermDesk",
    "MonitorTermDesk",
    "OutcomeTermDesk",
    "ProductCapDesk",
    "ProvisionTermDesk",
    "ReferenceTermDesk",
    "PurchaseTermDesk",
    "ReminderTermDesk",
    "ReplayTermDesk",
    "RestructureTermDesk",
    "ScorecardDesk",
    "SectorDesk",
    "SecurityTermDesk",
    "WatchTermDesk",
    "WriteOffTermDesk",
]
