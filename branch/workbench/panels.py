"""What a customer's file shows below the money: papers, checks, contacts, consents, devices."""

from dataclasses import dataclass
from datetime import datetime

from accounts.access import queries as access
from accounts.access.models import DeviceSession
from accounts.businesses import queries as businesses
from accounts.businesses.queries import Membership
from accounts.customers import queries as customers
from accounts.customers.models import Consent, Customer, FurtherPhone
from accounts.documents import queries as documents
from accounts.documents.models import Document
from accounts.kyc import queries as kyc
from accounts.kyc.models import Review, Submission
from accounts.registry import queries as registry
from accounts.registry.models import IdentityCheck


@dataclass(frozen=True, slots=True)
class Panels:
    """The panels of one file."""

    papers: list[Document]
    submission: Submission | None
    missing: list[str]  # Of a request that the customer still collects for.
    review: Review | None
    checks: list[IdentityCheck]
    phones: list[FurtherPhone]
    addresses: list[tuple[str, str]]
    consents: list[tuple[str, Consent | None]]
    sessions: list[DeviceSession]
    businesses: list[Membership]


def panels_of(customer: Customer, *, at: datetime) -> Panels:
    """This will gather the panels of a customer's file as they are at a moment."""
    standing = kyc.standing_of(customer, at=at)
    return Panels(
        papers=list(documents.standing_of(customer.owner_ref)),
        submission=standing.submission,
        missing=[str(need.label) for need in standing.missing],
        review=standing.review,
        checks=registry.checks_of(customer),
        phones=customers.phones_of(customer),
        addresses=[
            (str(one.get_kind_display()), customers.address_words(one))
            for one in customers.addresses_of(customer)
        ],
        consents=customers.consents_of(customer),
        sessions=list(access.sessions_of(customer.user)),
        businesses=businesses.memberships_of(customer.actor),
    )
