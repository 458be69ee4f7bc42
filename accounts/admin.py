"""Index of the desks of the accounts floor."""

from accounts.access.admin import LoginDesk
from accounts.limits.admin import TierLimitDesk
from accounts.monitoring.admin import MonitorClockDesk
from accounts.notifications.admin import MessageDesk
from accounts.privacy.admin import DataRequestDesk, FileViewDesk
from accounts.registry.admin import IdentityCheckDesk
from accounts.tariffs.admin import ExciseDesk, TariffDesk

__all__ = [
    "DataRequestDesk",
    "ExciseDesk",
    "FileViewDesk",
    "IdentityCheckDesk",
    "LoginDesk",
    "MessageDesk",
    "MonitorClockDesk",
    "TariffDesk",
    "TierLimitDesk",
]
