"""Writing a decision of the rules down, with what becomes of its application, and telling it."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.notifications import operations as notifications
from ledger.calendar import queries as calendar
from ledger.controls import audit
from ledger.money import Money
from lending.applications.models import LoanApplication
from lending.applications.states import LIFECYCLE, ApplicationState
from lending.bureau.models import BureauEnquiry
from lending.credit.models import CreditTerm
from lending.decisions import engine, queries
from lending.decisions.models import CreditDecision
from lending.fraud.models import FraudAssessment
from lending.scoring.models import Scorecard
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.db import inside_transaction

Result = CreditDecision.Result
PATIENCE = timedelta(seconds=20)  # For which a page waits for an answer (ux.md 4.3).
BECOMES = {
    Result.APPROVED: ApplicationState.APPROVED,
    Result.REFUSED: ApplicationState.REFUSED,
    Result.REFERRED: ApplicationState.REFERRED,
}


@inside_transaction
def keep(
    row: LoanApplication,
    found: engine.Answer,
    *,
    limit: Money,
    percent: Decimal | None,
    inputs: dict,
    assessed: FraudAssessment,
    at: datetime,
    day: date,
    enquiry: BureauEnquiry | None = None,
    card: Scorecard | None = None,
) -> None:
    """
    This will add the rules' own decision with all that it followed from (`inputs`, as text), the
    most that was to be lent and the rate of its offer, and text it to a person who does not look
    any more. Without a card nothing was scored.
    """
    flags = list(assessed.flags.order_by("-weight", "pk").values_list("rule", flat=True))
    CreditDecision.objects.create(
        application=row,
        number=1,
        result=found.result,
        amount=found.amount.amount,
        limit=limit.amount,
        percent=percent,
        model_version=card.model_version if card else "",
        score=found.score and found.score.total,
        least_score=row.term.automatic_score,
        inputs=inputs
        | {
            "enquiry": enquiry and str(enquiry.public_id),
            # For staff who look into fraud; nobody else is told.
            "fraud": {"score": assessed.score, "flags": flags},
        },
        points=engine.points(found.score),
        reasons=[reason.as_json() for reason in found.reasons],
        decided_by=str(SYSTEM),
        decided_at=at,
        business_date=day,
    )
    settle(row, result=found.result, at=at, actor=SYSTEM)
    if at - row.asked_at > PATIENCE:  # They were told that we would text them.
        tell(row, found.amount if found.result == Result.APPROVED else None, at=at)


@inside_transaction
def settle(row: LoanApplication, *, result: str, at: datetime, actor: Actor) -> None:
    """This will make an application what its decision says; an offer has an end."""
    told = {"updated_at": at}
    if result == Result.APPROVED:
        days = CreditTerm.numbers_on(calendar.nairobi_date(at))[CreditTerm.Kind.OFFER_DAYS]
        told["offer_until"] = at + timedelta(days=days)
    LIFECYCLE.move(row, to=BECOMES[result], **told)
    audit.record(actor=actor, deed="loan.decided", subject=row, result=result)


@inside_transaction
def tell(row: LoanApplication, amount: Money | None, *, at: datetime) -> None:
    """
    This will text somebody that they were answered: yes for an amount, or else (None) no, or by
    when a person answers.
    """
    due = queries.answered_by(row, at=at)
    context = {"amount": "" if amount is None else str(amount), "due": due}
    notifications.queue(
        user=row.customer.user, channel="SMS", kind="loan_answered", context=context
    )
