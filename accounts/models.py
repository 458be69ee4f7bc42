"""Index of the accounts floor. Django finds the tables here; people find the rooms here."""

from accounts.access.models import Challenge, LoginEvent, MfaDevice, TransactionPin, User
from accounts.customers.models import Application, Consent, Customer
from accounts.deposits.models import DepositAccount, NumberSeries
from accounts.limits.models import Tier, TierLimit
from accounts.monitoring.models import (
    Alert,
    AlertEntry,
    AlertHit,
    MonitorCase,
    MonitorClock,
    MonitorMark,
    MonitorNote,
    MonitorRule,
)
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
    "Alert",
    "AlertEntry",
    "AlertHit",
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
    "MonitorCase",
    "MonitorClock",
    "MonitorMark",
    "MonitorNote",
    "MonitorRule",
    "NumberSeries",
    "Permission",
    "Product",
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
