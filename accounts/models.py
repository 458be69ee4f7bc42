"""Index of the accounts floor. Django finds the tables here; people find the rooms here."""

from accounts.access.models import Challenge, LoginEvent, MfaDevice, TransactionPin, User
from accounts.access.token_models import RefreshToken, TokenFamily
from accounts.customers.models import Application, Consent, Customer
from accounts.deposits.models import DepositAccount, NumberSeries
from accounts.gateway.models import ApiCall
from accounts.limits.models import Tier, TierLimit
from accounts.notifications.models import DemoInboxItem, Message
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
from accounts.products.models import Product
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
    "ApiCall",
    "Application",
    "Branch",
    "BreakGlass",
    "Challenge",
    "Consent",
    "Customer",
    "DemoInboxItem",
    "DepositAccount",
    "ExciseRate",
    "LoginEvent",
    "Message",
    "MfaDevice",
    "NumberSeries",
    "Partner",
    "PartnerApp",
    "PartnerConsent",
    "PartnerKey",
    "PartnerQuota",
    "PartnerScope",
    "PartnerUsage",
    "Permission",
    "Product",
    "RefreshToken",
    "Role",
    "RoleGrant",
    "RolePermission",
    "SpentGrant",
    "StaffMember",
    "Tariff",
    "Tier",
    "TierLimit",
    "TokenFamily",
    "TransactionPin",
    "User",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]
