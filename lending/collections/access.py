"""Who of the staff may do something about whose late loan."""

from datetime import datetime

from accounts.customers.models import Customer
from accounts.staff import queries as staff
from lending.collections.refusals import OwnLoan
from wekeza.kit.actor import Actor

LOOK, WORK = "collections.look", "collections.work"


def check_may_work(actor: Actor, *, about: Customer, at: datetime) -> None:
    """
    This will let pass who collects in a customer's branch, and is not that customer.

    :raises NotForYou: if they do not.
    :raises OwnLoan: if the loan is their own.
    """
    staff.check_may(actor, WORK, at=at, branch=about.branch_id)
    if about.actor.person == actor.person:
        raise OwnLoan
