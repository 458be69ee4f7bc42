"""Asking for a loan, and answering: at once by the rules, or by a person."""

from datetime import date, datetime, timedelta
from uuid import UUID

from accounts.customers.models import Customer
from accounts.notifications import operations as notifications
from ledger.calendar import queries as calendar
from ledger.controls import audit
from ledger.money import Money
from lending.applications import operations as applications
from lending.applications.models import LoanApplication
from lending.applications.operations import Wish
from lending.applications.states import LIFECYCLE, OPEN, ApplicationState
from lending.bureau import operations as bureau
from lending.bureau.models import BureauEnquiry
from lending.credit import queries as credit
from lending.credit.models import CreditTerm
from lending.credit.queries import Limit
from lending.decisions import engine, facts
from lending.decisions.models import CreditDecision
from lending.decisions.refusals import OneAtATime, OverLimit, OverTerms, UnderInvestigation
from lending.fraud import operations as fraud
from lending.fraud import queries as fraud_queries
from lending.fraud.models import FraudAssessment
from lending.loans import queries as loans
from lending.products import words
from lending.scoring import queries as scoring
from lending.stops import operations as stops
from lending.stops.models import StoppedAttempt
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.db import deed, inside_transaction
from wekeza.kit.failpoints import failpoint

Result, What = CreditDecision.Result, StoppedAttempt.What
PATIENCE = timedelta(seconds=20)  # For which a page waits for an answer (ux.md 4.3).
BECOMES = {
    Result.APPROVED: ApplicationState.APPROVED,
    Result.REFUSED: ApplicationState.REFUSED,
    Result.REFERRED: ApplicationState.REFERRED,
}


@stops.noting_stopped()
def apply(customer, *, wish: Wish, reference: UUID, at: datetime, actor: Actor) -> LoanApplication:
    """
    This will take a wish in (BW06), once for each `reference`; the outbox has it answered, for the
    bureau is asked over the network.

    :raises OverTerms: if the product is not lent for such an amount or time.
    :raises OverLimit: if it is more than the customer's limit of the day.
    :raises OneAtATime: if a loan is not paid back yet (RF03).
    :raises AlreadyAsked: if an application for the product is open.
    :raises LendingStopped: while a stop binds the product.
    :raises ReferenceReused: if the reference stands for another wish.
    """
    return _take_in(customer, wish=wish, reference=reference, at=at, actor=actor)


def answer(application: LoanApplication, *, at: datetime) -> LoanApplication:
    """
    This will ask the rules of fraud, then the bureau, and decide an application that nobody has
    answered; answered before, it stays so. What fraud blocks goes no further, and no bureau hears
    of it (RF13, RF20). The bureau is never asked inside a transaction.
    """
    application.refresh_from_db()
    if not application.is_asked:
        return application
    looked_at = _look_for_fraud(application, at=at)
    if not looked_at.is_asked:
        return looked_at
    consent = bureau.Consent(application.consent_version, application.consent_hash)
    enquiry = bureau.ask(
        application.customer, amount=application.money, consent=consent, at=at, actor=SYSTEM
    )
    failpoint("loan.bureau_asked")
    return _decide(application, enquiry=enquiry, at=at)


def answer_asked(*, application: int, at: datetime, **_) -> None:
    """This will answer what was asked, at once (BW24); handler of the event "loan.asked"."""
    row = LoanApplication.objects.select_related("customer__user", "product", "term__product")
    answer(row.get(pk=application), at=at)


@deed
def _take_in(customer, *, wish: Wish, reference: UUID, at: datetime, actor: Actor):
    known = LoanApplication.objects.filter(customer=customer, reference=reference).first()
    if known is None:
        stops.check(
            wish.term.product, what=What.APPLICATION, customer=customer, amount=wish.amount,
            at=at, actor=actor,
        )  # fmt: skip
    # One person's forms are judged one after the other.
    held = Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    if known is None:
        _expire_old(held, at=at)
        _check(held, wish)
    return applications.take_in(held, wish=wish, reference=reference, at=at, actor=actor)


def _check(customer, wish: Wish) -> None:
    term, amount = wish.term, wish.amount
    if not term.least_amount <= amount.amount <= term.most_amount:
        raise OverTerms(words=words.amounts(term))
    if not term.least_tenor <= wish.tenor <= term.most_tenor:
        raise OverTerms(words=words.lasts(term))
    for loan in loans.active_of(customer):
        raise OneAtATime(number=loan.number)
    limit = credit.limit_of(customer, on=calendar.business_date())
    if amount > limit.amount:
        raise OverLimit(limit=limit.amount)


@inside_transaction
def _expire_old(customer, *, at: datetime) -> None:
    """Offers that ended keep nobody from asking again."""
    old = LoanApplication.objects.filter(
        customer=customer, state=ApplicationState.APPROVED, offer_until__lte=at
    )
    for row in old.select_for_update():
        LIFECYCLE.move(row, to=ApplicationState.EXPIRED, updated_at=at)
        audit.record(actor=SYSTEM, deed="loan.offer_ended", subject=row)


@deed
def _look_for_fraud(application: LoanApplication, *, at: datetime) -> LoanApplication:
    row = applications.locked(application)
    if not row.is_asked:
        return row
    assessed, day = fraud.assess(row, at=at), calendar.business_date()
    if assessed.is_blocked:
        limit = credit.limit_of(row.customer, on=day)
        inputs = {"business_date": day.isoformat(), "asked": f"{row.money.amount:f}"}
        found = engine.turned_away(row.money)
        _keep(row, found, limit=limit, inputs=inputs, assessed=assessed, at=at, day=day)
    return row


@deed
def _decide(
    application: LoanApplication, *, enquiry: BureauEnquiry, at: datetime
) -> LoanApplication:
    row = applications.locked(application)
    if not row.is_asked:
        return row  # Two at once: the first has answered.
    day = calendar.business_date()
    known = facts.gather(row, enquiry=enquiry, on=day)
    card = scoring.card_on(known.card, on=day)
    found = engine.answer(known, asked=row.money, term=row.term, card=card)
    assessed = fraud.assess(row, at=at)
    _keep(
        row,
        found if assessed.is_clear else engine.looked_at(found),
        limit=known.limit,
        model_version=card.model_version,
        inputs=engine.inputs(known, asked=row.money, on=day) | {"enquiry": str(enquiry.public_id)},
        assessed=assessed,
        at=at,
        day=day,
    )
    return row


@inside_transaction
def _keep(
    row: LoanApplication,
    found: engine.Answer,
    *,
    limit: Limit,
    inputs: dict,
    assessed: FraudAssessment,
    at: datetime,
    day: date,
    model_version: str = "",
) -> None:
    """Add the rules' own decision, and tell its person if they do not look any more."""
    flags = list(assessed.flags.order_by("-weight", "pk").values_list("rule", flat=True))
    CreditDecision.objects.create(
        application=row,
        number=1,
        result=found.result,
        amount=found.amount.amount,
        limit=limit.amount.amount,
        model_version=model_version,
        score=found.score and found.score.total,
        least_score=row.term.automatic_score,
        inputs=inputs | {"fraud": {"score": assessed.score, "flags": flags}},
        points=engine.points(found.score),
        reasons=[reason.as_json() for reason in found.reasons],
        decided_by=str(SYSTEM),
        decided_at=at,
        business_date=day,
    )
    _settle(row, result=found.result, at=at, actor=SYSTEM)
    if at - row.asked_at > PATIENCE:  # They were told that we would text them.
        _tell(row, found.amount if found.result == Result.APPROVED else None)


@inside_transaction
def _settle(row: LoanApplication, *, result: str, at: datetime, actor: Actor) -> None:
    told = {"updated_at": at}
    if result == Result.APPROVED:
        days = CreditTerm.numbers_on(calendar.nairobi_date(at))[CreditTerm.Kind.OFFER_DAYS]
        told["offer_until"] = at + timedelta(days=days)
    LIFECYCLE.move(row, to=BECOMES[result], **told)
    audit.record(actor=actor, deed="loan.decided", subject=row, result=result)


@deed
def ask_person(application: LoanApplication, *, at: datetime, actor: Actor) -> LoanApplication:
    """
    This will have a person look again at a refused application (Data Protection Act, s.35); asked
    before, it stays with them.

    :raises NotOpen: if it was not refused.
    """
    row = applications.locked(application)
    if row.is_referred:
        return row
    if not row.is_refused:
        raise applications.NotOpen
    LIFECYCLE.move(row, to=ApplicationState.REFERRED, updated_at=at)
    audit.record(actor=actor, deed="loan.review_asked", subject=row)
    return row


@deed
def override(
    application: LoanApplication,
    *,
    result: str,
    amount: Money,
    why: str,
    at: datetime,
    actor: Actor,
) -> CreditDecision:
    """
    This will answer an application that is with a person: APPROVED for `amount` KES, or REFUSED.
    The rules' own decision stays, and the new one names it and says why (RF10).

    :raises NotOpen: if it is not with a person any more.
    :raises UnderInvestigation: if a case of fraud stands against an approval.
    :raises OverTerms: if the product is not lent for such an amount.
    """
    row = applications.locked(application)
    if not row.is_referred:
        raise applications.NotOpen
    if result == Result.APPROVED and fraud_queries.holds_back(row):
        raise UnderInvestigation
    term = row.term
    if result == Result.APPROVED and not term.least_amount <= amount.amount <= min(
        term.most_amount, row.amount
    ):
        raise OverTerms(words=words.amounts(term))
    before = row.decisions.order_by("number").last()
    decision = CreditDecision.objects.create(
        application=row,
        number=before.number + 1,
        result=result,
        amount=amount.amount if result == Result.APPROVED else 0,
        limit=before.limit,
        model_version=before.model_version,
        score=before.score,
        least_score=before.least_score,
        inputs=before.inputs,
        points=before.points,
        reasons=before.reasons if result == Result.REFUSED else [],
        decided_by=str(actor),
        decided_at=at,
        business_date=calendar.business_date(),
        overrides=before,
        why=why.strip(),
    )
    _settle(row, result=result, at=at, actor=actor)
    _tell(row, decision.money if decision.is_approved else None)
    return decision


@inside_transaction
def _tell(row: LoanApplication, amount: Money | None) -> None:
    context = {"amount": "" if amount is None else str(amount), "is_open": row.is_referred}
    notifications.queue(
        user=row.customer.user, channel="SMS", kind="loan_answered", context=context
    )


def is_open_to_ask(customer) -> bool:
    """This will tell whether nothing keeps a customer from asking: no loan, no open application."""
    has_open = LoanApplication.objects.filter(customer=customer, state__in=OPEN).exists()
    return not has_open and not loans.active_of(customer)
