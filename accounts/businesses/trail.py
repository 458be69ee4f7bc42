"""What happened to a business, in the words of its team page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.businesses.models import Business
from accounts.customers.models import Customer
from accounts.documents.models import Document
from ledger.controls.audit import subject_of
from ledger.controls.models import AuditEntry

DEEDS = {
    "business.begun": _("Registration begun"),
    "business.company_told": _("Company facts told"),
    "business.owner_named": _("Owner named"),
    "business.owner_forgotten": _("Owner taken off the list"),
    "business.mandate_set": _("Mandate set"),
    "business.submitted": _("Registration sent to the bank"),
    "business.sent_back": _("The bank asked for more"),
    "business.paper_accepted": _("The bank accepted a paper"),
    "business.paper_declined": _("The bank did not accept a paper"),
    "business.activated": _("The bank opened the account"),
    "business.member_joined": _("Joined the team"),
    "business.member_left": _("Left the team"),
    "business.intent_approved": _("Approved a payment"),
    "business.intent_rejected": _("Rejected a payment"),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """A deed on a business: what, on what (empty if that says it all), by whom, and when."""

    words: str
    what: str
    name: str  # Empty is the bank.
    at: datetime


def trail_of(business: Business, *, most: int = 20) -> list[Happened]:
    """This will give the newest deeds on a business, in words."""
    entries = AuditEntry.objects.filter(subject=subject_of(business), deed__in=DEEDS)
    entries = list(entries.order_by("-id")[:most])
    refs = {entry.actor.partition(":")[2] for entry in entries if entry.actor[:9] == "CUSTOMER:"}
    refs |= {str(entry.detail["customer"]) for entry in entries if "customer" in entry.detail}
    rows = Customer.objects.filter(pk__in=refs).values_list("pk", "full_name")
    names = {f"CUSTOMER:{pk}": name for pk, name in rows}
    return [
        Happened(
            words=DEEDS[entry.deed],
            what=_what(entry.detail, names, by=entry.actor),
            name=names.get(entry.actor, ""),
            at=entry.recorded_at,
        )
        for entry in entries
    ]


def _what(detail: dict, names: dict[str, str], *, by: str) -> str:
    """The payment by its amount, the paper by its kind, or whom somebody else took off the team."""
    if detail.get("kind") in Document.Kind:
        return Document.Kind(detail["kind"]).label
    them = f"CUSTOMER:{detail.get('customer')}"
    return detail.get("money") or names.get(them if them != by else "", "")
