"""Index of the desks of the accounts floor."""

from accounts.access.admin import LoginDesk, PasswordPolicyDesk
from accounts.businesses.admin import PaperRequirementDesk
from accounts.documents.admin import DocumentTermDesk
from accounts.gateway.admin import ApiCallDesk
from accounts.kyc.admin import KycTermDesk, TierRequirementDesk
from accounts.limits.admin import TierLimitDesk
from accounts.monitoring.admin import MonitorClockDesk
from accounts.notifications.admin import MessageDesk
from accounts.partners.admin import PartnerQuotaDesk, WebhookDeliveryDesk
from accounts.privacy.admin import DataRequestDesk, FileViewDesk, PrivacyTermDesk
from accounts.registry.admin import IdentityCheckDesk, MatchThresholdDesk
from accounts.savings.admin import DepositTermDesk, InterestTermDesk
from accounts.screening.admin import ScreeningTermsDesk
from accounts.staff.admin import StaffTermDesk
from accounts.statements.admin import StatementTermDesk
from accounts.tariffs.admin import ExciseDesk, TariffDesk, TaxDesk

__all__ = [
    "ApiCallDesk",
    "DataRequestDesk",
    "DepositTermDesk",
    "DocumentTermDesk",
    "ExciseDesk",
    "FileViewDesk",
    "IdentityCheckDesk",
    "InterestTermDesk",
    "KycTermDesk",
    "LoginDesk",
    "MatchThresholdDesk",
    "MessageDesk",
    "PartnerQuotaDesk",
    "PaperRequirementDesk",
    "PasswordPolicyDesk",
    "PrivacyTermDesk",
    "ScreeningTermsDesk",
    "MonitorClockDesk",
    "StaffTermDesk",
    "StatementTermDesk",
    "TariffDesk",
    "TaxDesk",
    "TierLimitDesk",
    "TierRequirementDesk",
    "WebhookDeliveryDesk",
]
