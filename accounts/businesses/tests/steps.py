"""What the people of a business do, for tests."""

from datetime import UTC, datetime
from decimal import Decimal

from accounts.businesses import invitations
from accounts.businesses import operations as businesses
from accounts.businesses.models import Member
from accounts.factories import DIRECTOR, actor_of

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
Role = Member.Role
COMPANY = {
    "name": "Wekeza Hardware Ltd",
    "registration_no": "PVT-AB12CD3",
    "kra_pin": "P051234567Z",
    "sector": "CONSTRUCTION",
    "nature": "Sells building materials",
    "address": "Kirinyaga Road 12, Nairobi",
}


def begin(founder, **other):
    return businesses.begin(founder, **COMPANY | other, at=AT, actor=actor_of(founder))


def name(business, founder, **facts):
    owner = {"full_name": "Achieng Njeri", "national_id": "23456789", "share_percent": Decimal(60)}
    return businesses.name_owner(business, **owner | facts, at=AT, actor=actor_of(founder))


def invite(business, director, contact, roles=DIRECTOR):
    """The invitation and the token of its link."""
    links = []
    made = invitations.invite(
        business,
        full_name="Peter Kamau",
        contact=contact,
        roles=roles,
        address_of=lambda token: links.append(token) or f"https://bank.example/{token}",
        at=AT,
        actor=actor_of(director),
    )
    return made, links[0]


def accept(invitation, person, seen="", at=AT):
    return invitations.accept(invitation, customer=person, seen=seen, at=at, actor=actor_of(person))
