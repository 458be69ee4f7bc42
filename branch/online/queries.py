"""What a customer's home page shows, gathered from the floors below."""

from dataclasses import dataclass
from datetime import datetime

from accounts.access import queries as access_queries
from accounts.businesses import queries as businesses
from accounts.businesses.models import Business
from accounts.deposits import queries as deposit_queries
from accounts.deposits.queries import Holding
from accounts.limits import queries as limits
from accounts.limits.queries import Room
from accounts.statements import queries as statements
from accounts.statements.queries import Transaction
from payments.approvals import queries as approvals
from wekeza.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Shop:
    """A business that banks here and that somebody acts for, and how much of it waits for them."""

    business: Business
    to_sign: int


@dataclass(frozen=True, slots=True)
class Home:
    """
    The first account, how many others there are, the newest rows, today's limit, and the businesses
    that the customer acts for.
    """

    holding: Holding
    others: int
    latest: list[Transaction]
    room: Room
    tier: int
    has_second_factor: bool
    is_under_check: bool
    shops: list[Shop]

    @property
    def is_new(self) -> bool:
        """Nothing has happened on the account yet."""
        return not self.latest


def home_of(actor: Actor, *, at: datetime) -> Home | None:
    """This will give what a customer sees first; None to whoever holds no account."""
    holdings = deposit_queries.open_held_by(actor) or deposit_queries.held_by(actor)
    if not holdings:
        return None
    holding = holdings[0]
    customer = holding.account.customer
    latest = statements.latest(holding)
    return Home(
        holding=holding,
        others=len(holdings) - 1,
        latest=latest,
        room=limits.room_left(customer, at),
        tier=customer.tier.rank,
        has_second_factor=bool(latest) or access_queries.has_authenticator(customer.user),
        is_under_check=customer.is_under_check,
        shops=_shops_of(actor, at=at),
    )


def _shops_of(actor: Actor, *, at: datetime) -> list[Shop]:
    shops = []
    for member in businesses.memberships_of(actor):
        if member.business.is_active:
            waiting = approvals.waiting_for(member, at=at)
            shops.append(Shop(member.business, sum(one.is_for_me for one in waiting)))
    return shops
