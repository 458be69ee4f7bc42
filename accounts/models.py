"""Index of the accounts floor. Django finds the tables here; people find the rooms here."""

from accounts.access.models import Challenge, LoginEvent, MfaDevice, TransactionPin, User
from accounts.customers.models import Application, Consent, Customer
from accounts.deposits.models import DepositAccount, NumberSeries
from accounts.limits.models import Tier, TierLimit
from accounts.notifications.models import DemoInboxItem, Message
from accounts.products.models import Product
from accounts.screening.models import (
    Hit,
    ListEntry,
    ListName,
    ListVersion,
    ScreeningList,
    ScreeningRun,
    ScreeningTerms,
)
from accounts.tariffs.models import ExciseRate, Tariff

__all__ = [
    "Application",
    "Challenge",
    "Consent",
    "Customer",
    "DemoInboxItem",
    "DepositAccount",
    "ExciseRate",
    "Hit",
    "ListEntry",
    "ListName",
    "ListVersion",
    "LoginEvent",
    "Message",
    "MfaDevice",
    "NumberSeries",
    "Product",
    "ScreeningList",
    "ScreeningRun",
    "ScreeningTerms",
    "Tariff",
    "Tier",
    "TierLimit",
    "TransactionPin",
    "User",
]
