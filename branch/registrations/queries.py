"""A business as an officer reads it: who directs, owns and signs, and what is missing."""

from dataclasses import dataclass
from datetime import datetime

from accounts.businesses import papers, screening
from accounts.businesses import queries as businesses
from accounts.businesses.mandates import Band
from accounts.businesses.models import Business, Change, MandateBand, Member
from accounts.businesses.resolution_models import Resolution
from accounts.deposits import queries as deposits
from accounts.deposits.models import DepositAccount
from accounts.deposits.queries import Holding
from accounts.statements.queries import Transaction
from branch.onboarding.queries import Shown
from branch.onboarding.queries import papers_of as shown_papers
from branch.workbench.queries import latest_of
from ledger.calendar import queries as calendar

CHECKING = "Checking the papers of a business"  # Why officers look, for the log of looks.


@dataclass(frozen=True, slots=True)
class Registration:
    """Everything about one business on one page; `people` only for whoever may see screening."""

    business: Business
    team: list[businesses.Membership]
    owners: list
    invited: list
    bands: list[MandateBand]
    resolution: Resolution | None
    signatures: list
    unsigned: list
    changes: list[Change]
    accounts: list[DepositAccount]
    people: list[screening.Person]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a business has, and its newest payments."""

    holdings: list[Holding]
    rows: list[Transaction]


def standing_of(business: Business) -> Standing:
    """This will gather the balances of a business and its last ten payments."""
    holdings = deposits.held_by_business(business)
    return Standing(holdings, latest_of(holdings))


def registration_of(business: Business, *, sees_screening: bool, at: datetime) -> Registration:
    """This will gather a business as it stands at a moment."""
    resolution = businesses.resolution_of(business)
    return Registration(
        business=business,
        team=businesses.team_of(business),
        owners=businesses.owners_of(business),
        invited=businesses.invitations_of(business),
        bands=businesses.bands_of(business),
        resolution=resolution,
        signatures=list(resolution.signatures.select_related("signer").order_by("pk"))
        if resolution
        else [],
        unsigned=businesses.unsigned_directors(business),
        changes=businesses.changes_of(business, at=at),
        accounts=list(business.deposit_accounts.order_by("pk")),
        people=screening.people_of(business) if sees_screening else [],
    )


def papers_of(
    business: Business, *, user, session_key: str, may_look: bool, at: datetime
) -> list[Shown]:
    """This will give the papers of a business with links that open to this session for minutes."""
    needs = papers.needs_of(business, on=calendar.nairobi_date(at))
    return shown_papers(
        needs, user=user, session_key=session_key, may_look=may_look, at=at, why=CHECKING
    )


def bands_after(change: Change) -> list[Band]:
    """This will give the mandate that a change asks for; none if it is about a person."""
    return [Band.read(facts) for facts in change.payload.get("bands", ())]


def roles_in(change: Change) -> list[str]:
    """This will name the roles that a change gives."""
    return [str(Member.Role(role).label) for role in change.payload.get("roles", ())]
