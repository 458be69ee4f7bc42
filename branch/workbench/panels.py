"""
What a customer's file holds below the money, panel by panel: each is asked for when somebody looks
at it, so that the first screen is quick (ux.md 2.4).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.access import queries as access
from accounts.businesses import queries as businesses
from accounts.customers import queries as customers
from accounts.customers.models import Customer
from accounts.documents import queries as documents
from accounts.kyc import queries as kyc
from accounts.registry import queries as registry
from accounts.staff import queries as staff
from ledger.controls.audit import subject_of
from ledger.controls.models import AuditEntry

MOST = 10
SILENT = r"^(screening|monitor)\."  # What compliance does shows in no file (no tipping-off).


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its name in addresses, heading, what it shows at a moment, and its width."""

    name: str
    label: str
    gather: Callable[[Customer, datetime], dict]
    is_wide: bool = False


def _papers(customer: Customer, at: datetime) -> dict:
    standing = kyc.standing_of(customer, at=at)
    return {
        "papers": list(documents.standing_of(customer.owner_ref)),
        "submission": standing.submission,
        "missing": [str(need.label) for need in standing.missing],
        "review": standing.review,
    }


def _checks(customer: Customer, at: datetime) -> dict:
    return {"checks": registry.checks_of(customer)}


def _contacts(customer: Customer, at: datetime) -> dict:
    addresses = customers.addresses_of(customer)
    return {
        "phones": customers.phones_of(customer),
        "addresses": [
            (str(one.get_kind_display()), customers.address_words(one)) for one in addresses
        ],
    }


def _consents(customer: Customer, at: datetime) -> dict:
    return {"consents": customers.consents_of(customer)}


def _devices(customer: Customer, at: datetime) -> dict:
    return {
        "sessions": list(access.sessions_of(customer.user)),
        "logins": access.logins_of(customer.user, most=MOST),
    }


def _businesses(customer: Customer, at: datetime) -> dict:
    return {"businesses": businesses.memberships_of(customer.actor)}


def _trail(customer: Customer, at: datetime) -> dict:
    ours = Q(subject=subject_of(customer)) | Q(actor=str(customer.actor))
    lines = AuditEntry.objects.filter(ours).exclude(deed__regex=SILENT)
    found = list(lines.order_by("-id")[:MOST])
    names = staff.numbered({line.actor for line in found}) | {str(customer.actor): "The customer"}
    return {"trail": [(line, names.get(line.actor, "Wekeza")) for line in found]}


PANELS = [
    Panel("papers", "Papers and tier", _papers, is_wide=True),
    Panel("checks", "Identity checks", _checks),
    Panel("contacts", "Contacts", _contacts),
    Panel("consents", "Consents", _consents),
    Panel("businesses", "Businesses", _businesses),
    Panel("devices", "Logins and devices", _devices, is_wide=True),
    Panel("trail", "Audit trail", _trail, is_wide=True),
]


def panel_of(name: str) -> Panel | None:
    """This will give a panel by its name in addresses, if there is one."""
    return next((panel for panel in PANELS if panel.name == name), None)
