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
from branch.online import flow
from branch.online.flow import Moved
from payments.approvals import queries as approvals
from wekeza.kit import wire
from wekeza.kit.actor import Actor
from wekeza.kit.wire import Statement

_HOME = Statement.of("home", f"SELECT {limits.ROOM}, {businesses.ACTS}")
_WITH_MOVED = Statement.of("home_moved", f"SELECT {limits.ROOM}, {businesses.ACTS}, {flow.MOVED}")


@dataclass(frozen=True, slots=True)
class Shop:
    """A business that banks here and that somebody acts for, and how much of it waits for them."""

    business: Business
    to_sign: int


@dataclass(frozen=True, slots=True)
class Home:
    """
    The first account, how many others there are, today's limit, the businesses that the customer
    acts for, and what moved on the account, where the page asked for that.
    """

    holding: Holding
    others: int
    room: Room
    tier: int
    has_second_factor: bool
    is_under_check: bool
    shops: list[Shop]
    moved: list[Moved] | None

    @property
    def is_new(self) -> bool:
        """Nothing has happened on the account yet."""
        return not self.holding.sequence


def first_of(actor: Actor) -> tuple[Holding | None, int]:
    """This will give the open account that home begins with, if any, and how many others are."""
    held = deposit_queries.held_by(actor)
    holdings = [holding for holding in held if not holding.is_closed] or held
    return (holdings[0], len(holdings) - 1) if holdings else (None, 0)


def home_of(
    actor: Actor, holding: Holding, *, others: int, at: datetime, needs_moved: bool
) -> Home:
    """
    This will give what a customer sees first of an account. The limits, what is used of them,
    whether they act for a business, and what moved, are one query.
    """
    customer = holding.account.customer
    asked = [*limits.room_of(customer, at), str(customer.pk)]
    if needs_moved:
        asked += flow.parameters(holding, at=at)
    found, used, acts, *moved = wire.first_row(_WITH_MOVED if needs_moved else _HOME, asked)
    return Home(
        holding=holding,
        others=others,
        room=limits.read_room(found, used, party=customer, at=at),
        tier=customer.tier.rank,
        has_second_factor=(holding.sequence > 0 or access_queries.has_authenticator(customer.user)),
        is_under_check=customer.is_under_check,
        shops=_shops_of(actor, at=at) if acts == "t" else [],
        moved=flow.read_moved(*moved, holding=holding) if needs_moved else None,
    )


def _shops_of(actor: Actor, *, at: datetime) -> list[Shop]:
    shops = []
    for member in businesses.memberships_of(actor):
        if member.business.is_active:
            waiting = approvals.waiting_for(member, at=at)
            shops.append(Shop(member.business, sum(one.is_for_me for one in waiting)))
    return shops
