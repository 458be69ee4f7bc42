"""Index of the lending floor's rooms. Django finds the tables here; people find the rooms here."""

from lending.applications.models import LoanApplication
from lending.arrears.models import (
    ArrearsTerm,
    ClassChange,
    ClassTerm,
    LoanStanding,
    SuspenseMove,
)
from lending.bureau.models import BureauEnquiry, BureauTerm
from lending.business.models import BusinessRequest, BusinessTerm, EvidenceTerm
from lending.collections.models import (
    CaseStep,
    CollectionBucket,
    CollectionCase,
    CollectionContact,
    CollectionStep,
    CollectionTerm,
    LoanPromise,
    PromisePart,
)
from lending.credit.models import CreditCap, CreditTerm, ProductCap
from lending.decisions.models import CreditDecision
from lending.earnings.models import EarningJournal, FeeRelease, LoanEarning, LoanPeriod
from lending.evidence.models import LoanEvidence, LoanRequirement
from lending.fraud.models import (
    FraudAssessment,
    FraudCase,
    FraudFlag,
    FraudMark,
    FraudNote,
    FraudRule,
    FraudTerm,
)
from lending.instructions.models import InstructionRun, StandingInstruction
from lending.lines.models import LendingLine
from lending.loans.models import Loan, LoanInstalment, ScheduleVersion
from lending.monitoring.models import (
    CardMonth,
    LoanOutcome,
    LoanVerdict,
    MonitorTerm,
    OutcomeTerm,
    ReferenceTerm,
)
from lending.products.models import GradePrice, LendingLimit, LoanProduct, LoanTerm, SectorTerm
from lending.provisions.models import (
    LoanProvision,
    LossTerm,
    OriginalRate,
    ProvisionJournal,
    ProvisionRun,
    ProvisionTerm,
    SecurityTerm,
)
from lending.purchases.models import LoanPurchase, PurchaseTerm
from lending.reminders.models import LoanReminder, ReminderTerm
from lending.repayments.models import Allocation, AllocationOrder, Repayment
from lending.replays.models import Replay, ReplayTerm
from lending.restructures.models import Restructure, RestructureTerm
from lending.scoring.models import Scorecard
from lending.stops.models import LendingStop, StoppedAttempt
from lending.watch.models import BorrowerMark, WatchTerm
from lending.writeoffs.models import WriteOff, WriteOffTerm

__all__ = [
    "Allocation",
    "AllocationOrder",
    "ArrearsTerm",
    "BorrowerMark",
    "BureauEnquiry",
    "BureauTerm",
    "BusinessRequest",
    "BusinessTerm",
    "CardMonth",
    "CaseStep",
    "ClassChange",
    "ClassTerm",
    "CollectionBucket",
    "CollectionCase",
    "CollectionContact",
    "CollectionStep",
    "CollectionTerm",
    "CreditCap",
    "CreditDecision",
    "CreditTerm",
    "EarningJournal",
    "FeeRelease",
    "EvidenceTerm",
    "FraudAssessment",
    "FraudCase",
    "FraudFlag",
    "FraudMark",
    "FraudNote",
    "FraudRule",
    "FraudTerm",
    "GradePrice",
    "InstructionRun",
    "LendingLimit",
    "LendingLine",
    "Loan",
    "LoanApplication",
    "LoanEarning",
    "LoanPeriod",
    "LoanEvidence",
    "LoanInstalment",
    "LendingStop",
    "LoanOutcome",
    "LoanProduct",
    "LoanPromise",
    "LoanProvision",
    "LoanPurchase",
    "LoanReminder",
    "LoanRequirement",
    "LoanStanding",
    "LoanTerm",
    "LoanVerdict",
    "LossTerm",
    "MonitorTerm",
    "OriginalRate",
    "OutcomeTerm",
    "ProductCap",
    "PromisePart",
    "ProvisionJournal",
    "ProvisionRun",
    "ProvisionTerm",
    "ReferenceTerm",
    "PurchaseTerm",
    "ReminderTerm",
    "Repayment",
    "Replay",
    "ReplayTerm",
    "Restructure",
    "RestructureTerm",
    "ScheduleVersion",
    "Scorecard",
    "SectorTerm",
    "SecurityTerm",
    "StandingInstruction",
    "StoppedAttempt",
    "SuspenseMove",
    "WatchTerm",
    "WriteOff",
    "WriteOffTerm",
]
