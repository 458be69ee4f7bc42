"""Index of the accounts floor. Django finds the tables here; people find the rooms here."""

from accounts.access.models import (
    Challenge,
    DeviceSession,
    KnownDevice,
    LoginEvent,
    MfaDevice,
    TransactionPin,
    User,
)
from accounts.access.password_models import PasswordPolicy, PastPassword, SecurityAnswer
from accounts.access.token_models import RefreshToken, TokenFamily
from accounts.businesses.models import (
    BeneficialOwner,
    Business,
    Change,
    Invitation,
    MandateBand,
    Member,
    Resolution,
    ResolutionSignature,
    Signature,
)
from accounts.customers.models import (
    Address,
    Application,
    Consent,
    Customer,
    FurtherPhone,
    ProfileChange,
)
from accounts.deposits.models import DepositAccount, NumberSeries
from accounts.documents.models import Document, DocumentTerm, DocumentView
from accounts.gateway.models import ApiCall
from accounts.kyc.models import (
    DeclaredFacts,
    ExpiryNotice,
    KycTerm,
    Review,
    Submission,
    TierRequirement,
)
from accounts.limits.models import Tier, TierLimit
from accounts.notifications.models import DemoInboxItem, Message, MessageChoice
from accounts.partners.models import (
    Partner,
    PartnerApp,
    PartnerConsent,
    PartnerKey,
    PartnerQuota,
    PartnerScope,
    PartnerUsage,
    SpentGrant,
)
from accounts.partners.webhook_models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from accounts.privacy.models import DataRequest, FileAccess, FileView, PrivacyTerm
from accounts.products.models import Product
from accounts.registry.models import IdentityCheck, MatchThreshold
from accounts.screening.models import (
    Hit,
    ListEntry,
    ListName,
    ListVersion,
    ScreeningList,
    ScreeningRun,
    ScreeningTerms,
)
from accounts.staff.models import (
    Branch,
    BreakGlass,
    Permission,
    Role,
    RoleGrant,
    RolePermission,
    StaffMember,
)
from accounts.tariffs.models import ExciseRate, Tariff

__all__ = [
    "Address",
    "ApiCall",
    "Application",
    "BeneficialOwner",
    "Branch",
    "BreakGlass",
    "Business",
    "Challenge",
    "Change",
    "Consent",
    "Customer",
    "DataRequest",
    "DeclaredFacts",
    "DemoInboxItem",
    "DepositAccount",
    "DeviceSession",
    "Document",
    "DocumentTerm",
    "DocumentView",
    "ExciseRate",
    "ExpiryNotice",
    "FileAccess",
    "FileView",
    "FurtherPhone",
    "Hit",
    "IdentityCheck",
    "Invitation",
    "KnownDevice",
    "KycTerm",
    "ListEntry",
    "ListName",
    "ListVersion",
    "LoginEvent",
    "MandateBand",
    "MatchThreshold",
    "Member",
    "Message",
    "MessageChoice",
    "MfaDevice",
    "NumberSeries",
    "Partner",
    "PartnerApp",
    "PartnerConsent",
    "PartnerKey",
    "PartnerQuota",
    "PartnerScope",
    "PartnerUsage",
    "PasswordPolicy",
    "PastPassword",
    "Permission",
    "PrivacyTerm",
    "Product",
    "ProfileChange",
    "RefreshToken",
    "Resolution",
    "ResolutionSignature",
    "Review",
    "Role",
    "RoleGrant",
    "RolePermission",
    "ScreeningList",
    "ScreeningRun",
    "ScreeningTerms",
    "SecurityAnswer",
    "Signature",
    "SpentGrant",
    "StaffMember",
    "Submission",
    "Tariff",
    "Tier",
    "TierLimit",
    "TierRequirement",
    "TokenFamily",
    "TransactionPin",
    "User",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]
