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
from accounts.customers.models import Application, Consent, Customer
from accounts.deposits.models import DepositAccount, NumberSeries
from accounts.limits.models import Tier, TierLimit
from accounts.notifications.models import DemoInboxItem, Message
from accounts.products.models import Product
from accounts.tariffs.models import ExciseRate, Tariff

__all__ = [
    "Application",
    "Challenge",
    "Consent",
    "Customer",
    "DemoInboxItem",
    "DepositAccount",
    "DeviceSession",
    "ExciseRate",
    "KnownDevice",
    "LoginEvent",
    "Message",
    "MfaDevice",
    "NumberSeries",
    "PasswordPolicy",
    "PastPassword",
    "Product",
    "SecurityAnswer",
    "Tariff",
    "Tier",
    "TierLimit",
    "TransactionPin",
    "User",
]
