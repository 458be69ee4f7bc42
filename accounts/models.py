"""Index of the accounts floor. Django finds the tables here; people find the rooms here."""

from accounts.access.models import Challenge, LoginEvent, MfaDevice, TransactionPin, User
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
from accounts.customers.models import Application, Consent, Customer
from accounts.deposits.models import DepositAccount, NumberSeries
from accounts.limits.models import Tier, TierLimit
from accounts.notifications.models import DemoInboxItem, Message
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
    "Application",
    "BeneficialOwner",
    "Business",
    "Branch",
    "BreakGlass",
    "Challenge",
    "Change",
    "Consent",
    "Customer",
    "DemoInboxItem",
    "DepositAccount",
    "ExciseRate",
    "Invitation",
    "LoginEvent",
    "MandateBand",
    "Member",
    "Message",
    "MfaDevice",
    "NumberSeries",
    "Permission",
    "Product",
    "Resolution",
    "ResolutionSignature",
    "Signature",
    "Role",
    "RoleGrant",
    "RolePermission",
    "StaffMember",
    "Tariff",
    "Tier",
    "TierLimit",
    "TransactionPin",
    "User",
]
