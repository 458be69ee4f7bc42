"""Who of the staff may do something about whose late loan."""

from datetime import datetime

from accounts.staff import queries as staff
from lending.applications.queries import persons_behind
from lending.collections.refusals import OwnLoan
from lending.loans.models import Loan
from wekeza.kit.actor import Actor

LOOK, WORK = "collections.look", "collections.work"


def check_may_work(actor: Actor, *, about: Loan, at: datetime) -> None:
    """
    This will let pass who collects in the branch of a loan's customer, and is not one of those
    whose loan it is.

    :raises NotForYou: if they do not.
    :raises OwnLoan: if the loan is their own.
    """
    staff.check_may(actor, WORK, at=at, branch=about.customer.branch_id)
    if actor.person in persons_behind(about.application):
        raise OwnLoan
