"""What officers decide about loans; the rooms of loans do it."""

from datetime import datetime

from ledger.approvals.models import Approval
from ledger.money import Money
from lending.applications.models import LoanApplication
from lending.business import operations as business_loans
from lending.decisions import operations as decisions
from lending.decisions.models import CreditDecision
from lending.decisions.refusals import SecondPersonNeeded
from wekeza.kit.actor import Actor


def answer(application: LoanApplication, *, at: datetime) -> LoanApplication:
    """
    This will have the rules answer an application that nobody has answered: a business's by the
    card of businesses, a person's by theirs.
    """
    room = business_loans if application.business_id else decisions
    return room.answer(application, at=at)


def decide(
    application: LoanApplication,
    *,
    result: str,
    amount: Money,
    why: str,
    actor: Actor,
    at: datetime,
) -> CreditDecision | Approval:
    """
    This will answer an application that is with a person, or ask a second person to approve one
    that is too large for one.

    :raises NotOpen: and the other refusals of `decisions.override`.
    """
    try:
        return decisions.override(
            application, result=result, amount=amount, why=why, at=at, actor=actor
        )
    except SecondPersonNeeded:
        return decisions.ask_large(application, amount=amount, why=why, at=at, actor=actor)
