"""What the home page of a business shows, gathered from the floors below."""

from dataclasses import dataclass
from datetime import datetime

from accounts.businesses import queries as businesses
from accounts.businesses.queries import Membership
from accounts.deposits import queries as deposit_queries
from accounts.deposits.queries import Holding
from accounts.limits import queries as limits
from accounts.limits.queries import Room
from accounts.statements import queries as statements
from accounts.statements.queries import Transaction
from ledger.money import Money
from lending.business import taking
from lending.business.taking import BusinessOffer
from lending.restructures import signing
from lending.restructures.models import Restructure
from payments.approvals import queries as approvals
from payments.approvals.queries import Waiting


@dataclass(frozen=True, slots=True)
class Home:
    """
    Its accounts with their sum, what waits, loans to sign and to pay otherwise, the newest rows,
    the team and today's limit.
    """

    holdings: list[Holding]
    cash: Money
    waiting: list[Waiting]
    offers: list[BusinessOffer]
    new_payments: list[Restructure]
    latest: list[Transaction]
    team: list[Membership]
    changes: int
    room: Room

    @property
    def for_me(self) -> list[Waiting]:
        """What the one who looks can sign now."""
        return [one for one in self.waiting if one.is_for_me]


def home_of(member: Membership, *, at: datetime) -> Home:
    """This will give what a member of a business sees first."""
    business = member.business
    holdings = deposit_queries.held_by_business(business)
    return Home(
        holdings=holdings,
        cash=sum((one.available for one in holdings), Money.zero()),
        waiting=approvals.waiting_for(member, at=at),
        offers=taking.waiting_for(member, at=at),
        new_payments=signing.waiting_for(member, at=at),
        latest=statements.latest(holdings[0]) if holdings else [],
        team=businesses.team_of(business),
        changes=len(businesses.changes_of(business, at=at)),
        room=limits.room_left(business, at),
    )
