"""Asking for a loan, and answering: at once by the rules, or by a person."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from accounts.staff import queries as staff
from ledger.approvals import operations as approvals
from ledger.approvals import queries as approval_queries
from ledger.approvals.models import Approval
from ledger.approvals.refusals import AlreadyWaiting
from ledger.calendar import queries as calendar
from ledger.controls import audit
from ledger.money import Money, kes
from lending.applications import operations as applications
from lending.applications import queries as application_queries
from lending.applications.models import LoanApplication
from lending.applications.operations import Wish
from lending.applications.states import LIFECYCLE, ApplicationState
from lending.bureau import operations as bureau
from lending.bureau.models import BureauEnquiry
from lending.credit import queries as credit
from lending.decisions import by_instalments, engine, facts, keeping, queries
from lending.decisions.models import CreditDecision
from lending.decisions.refusals import (
    HardDecline,
    OneAtATime,
    OverLimit,
    OverTerms,
    OwnApplication,
    SecondPersonNeeded,
    UnderInvestigation,
    WhyDecided,
)
from lending.evidence import operations as evidence
from lending.fraud import operations as fraud
from lending.fraud import queries as fraud_queries
from lending.products import words
from lending.purchases import operations as purchases
from lending.purchases.operations import Purchase
from lending.scoring import queries as scoring
from lending.stops import operations as stops
from lending.stops.models import StoppedAttempt
from lending.watch import queries as watch
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.db import deed, inside_transaction
from wekeza.kit.failpoints import failpoint

Result, What = CreditDecision.Result, StoppedAttempt.What
DECIDE, LARGE = "loan.decide", "lending.approve_large"
LEAST_WHY = 20  # Characters of an officer's reason.
ON_RECORD = "ON_RECORD"
# What nobody overrides, whoever they are, in words for staff.
HARD = {
    "DETAILS": "the customer may not bank now",
    "OPEN_NPL": "the bureau has a loan that is not being paid",
    "ACTIVE_LOAN": "a loan here is not paid back",
    "NO_COVER": "what it earns does not pay the instalments",
    ON_RECORD: "something that is kept of the borrower",
}


@stops.noting_stopped()
def apply(
    customer,
    *,
    wish: Wish,
    reference: UUID,
    at: datetime,
    actor: Actor,
    purchase: Purchase | None = None,
) -> LoanApplication:
    """
    This will take a wish in (BW06), once for each `reference`; the outbox has it answered, for the
    bureau is asked over the network. `purchase` is what the loan buys, where it buys something.

    :raises OverTerms: if the product is not lent for such an amount or time.
    :raises OverLimit: if it is more than the customer's limit of the day, or the product's for
        their tier; NotAtLevel, if the product is not lent at that tier.
    :raises NotOffered: if it is no product that people ask for.
    :raises IncomeMissing: or PaperMissing, PurchaseMissing, if what the product asks for was not
        told or sent; OverValue or TooOldAtEnd, by what is bought.
    :raises OneAtATime: if a loan is not paid back yet (RF03).
    :raises AlreadyAsked: if an application for the product is open.
    :raises LendingStopped: while a stop binds the product.
    :raises ReferenceReused: if the reference stands for another wish.
    """
    return _take_in(customer, wish=wish, purchase=purchase, reference=reference, at=at, actor=actor)


def answer(application: LoanApplication, *, at: datetime) -> LoanApplication:
    """
    This will ask the rules of fraud, then the bureau, and decide an application that nobody has
    answered; answered before, it stays so, and one of a business is left to lending/business. What
    fraud blocks goes no further, and no bureau hears of it (RF13, RF20). The bureau is never asked
    inside a transaction.
    """
    application.refresh_from_db()
    if not application.is_asked or application.business_id:
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
def _take_in(
    customer, *, wish: Wish, purchase: Purchase | None, reference: UUID, at: datetime, actor: Actor
):
    same_form = LoanApplication.objects.filter(customer=customer, reference=reference)
    if not same_form.exists():
        stops.check(
            wish.term.product, what=What.APPLICATION, customer=customer, amount=wish.amount,
            at=at, actor=actor,
        )  # fmt: skip
    # One person's forms are judged one after the other.
    held = applications.hold(customer)
    if not same_form.exists():
        applications.end_old_offers(held, at=at)
        _check(held, wish, purchase, at=at)
    row = applications.take_in(held, wish=wish, reference=reference, at=at, actor=actor)
    evidence.keep(row, on=calendar.nairobi_date(at))
    if purchase is not None:
        purchases.keep(row, purchase=purchase)
    return row


def _check(customer, wish: Wish, purchase: Purchase | None, *, at: datetime) -> None:
    term, amount, today = wish.term, wish.amount, calendar.business_date()
    if not term.lends(amount):
        raise OverTerms(words=words.amounts(term))
    if not term.lasts(wish.tenor):
        raise OverTerms(words=words.lasts(term))
    for loan in queries.in_the_way(customer, product=term.product_id, on=today):
        raise OneAtATime(number=loan.number)
    if term.product.is_online:
        _check_limit(customer, amount, on=today)
    else:
        by_instalments.check(customer, wish, purchase, at=at)


def _check_limit(customer, amount: Money, *, on: date) -> None:
    limit = credit.limit_of(customer, on=on)
    if amount > limit.amount:
        raise OverLimit(limit=limit.amount)


@deed
def _look_for_fraud(application: LoanApplication, *, at: datetime) -> LoanApplication:
    row = applications.locked(application)
    if not row.is_asked:
        return row
    assessed, day = fraud.assess(row, at=at), calendar.business_date()
    if assessed.is_blocked:
        known, found = facts.unscored(row, on=day), engine.turned_away(row.money)
        _keep(row, found, known, assessed=assessed, at=at, day=day)
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
    found = engine.referred_by(known.record, found)
    assessed = fraud.assess(row, at=at)
    if not assessed.is_clear:
        found = engine.looked_at(found)
    _keep(row, found, known, assessed=assessed, enquiry=enquiry, card=card, at=at, day=day)
    return row


def _keep(row: LoanApplication, found: engine.Answer, known: facts.Facts, *, day: date, **told):
    keeping.keep(
        row, found, limit=known.most(found.score and found.score.total), percent=found.percent,
        inputs=engine.inputs(known, asked=row.money, on=day), day=day, **told,
    )  # fmt: skip


@deed
def ask_person(application: LoanApplication, *, at: datetime, actor: Actor) -> LoanApplication:
    """
    This will have a person look again at a refused application (Data Protection Act, s.35); asked
    before, it stays with them.

    :raises NotOpen: if it was not refused.
    :raises AlreadyAsked: if they asked anew meanwhile, and that is open.
    """
    applications.hold(application.party)
    row = applications.locked(application)
    if row.is_referred:
        return row
    if not row.is_refused:
        raise applications.NotOpen
    applications.check_none_open(row.party, product=row.product_id)
    LIFECYCLE.move(row, to=ApplicationState.REFERRED, updated_at=at)
    audit.record(actor=actor, deed="loan.review_asked", subject=row)
    return row


@stops.noting_stopped()
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

    :raises SecondPersonNeeded: if it is more than one person approves; `ask_large` asks another.
    :raises NotForYou: if the actor may not decide in the customer's branch, up to the amount.
    :raises OwnApplication: if it is the actor's own.
    :raises WhyDecided: without a reason that tells something.
    :raises NotOpen: if it is not with a person any more.
    :raises AlreadyWaiting: if a second person has it.
    :raises OverTerms: if the product is not lent for such an amount, or less was asked for.
    :raises UnderInvestigation: if a case of fraud stands against an approval.
    :raises HardDecline: if it was, or is, declined for what nobody overrides.
    :raises LendingStopped: while a stop binds the product, if it is approved.
    """
    wanted = amount if result == Result.APPROVED else None
    row = _to_decide(application, amount=wanted, why=why, at=at, actor=actor)
    most = row.term.second_approval_above
    if wanted is not None and wanted.amount > most:
        raise SecondPersonNeeded(above=Money.rounded(most, "KES"))
    if wanted is not None:
        where = {"branch": row.customer.branch_id, "amount": wanted.amount}
        staff.check_may(actor, DECIDE, at=at, **where)
    return _answer(row, amount=wanted, why=why, at=at, actor=actor)


@stops.noting_stopped()
@deed
def ask_large(
    application: LoanApplication, *, amount: Money, why: str, at: datetime, actor: Actor
) -> Approval:
    """
    This will ask a second person to approve an application that is with a person for `amount` KES.

    :raises NotOpen: and the other refusals of `override` and of `approvals.propose`.
    """
    row = _to_decide(application, amount=amount, why=why, at=at, actor=actor)
    last = row.decisions.order_by("number").last()
    return approvals.propose(
        deed=LARGE,
        subject=row,
        payload={"application": row.pk, "amount": str(amount.amount)},
        changes=[approvals.Change(row.product.name, "With a person", f"Approved for {amount}")],
        impact=f"Asked for {row.money}; limit {last.limit_money}; score {last.score or 'none'}",
        reason=why,
        actor=actor,
        at=at,
        amount=amount.amount,
        branch=row.customer.branch_id,
        about=application_queries.persons_behind(row),
    )


@inside_transaction
def approve_large(
    *, payload: dict, approval: Approval, actor: Actor, at: datetime
) -> CreditDecision:
    """
    This will approve a large loan by a second person: the approved deed `lending.approve_large`,
    whose `payload` is {"application": id, "amount": text}. Its reason is that of whoever asked. The
    caller stands inside `stops.noting_stopped`.

    :raises NotOpen: or OverTerms, HardDecline, LendingStopped, as `override`.
    """
    application = LoanApplication.objects.select_related("customer", "business", "product").get(
        pk=payload["application"]
    )
    amount = kes(payload["amount"])
    _check_stops(application, amount, at=at, actor=actor)
    row = applications.locked(application)
    if not row.is_referred:
        raise applications.NotOpen
    _check_grant(row, amount)
    return _answer(row, amount=amount, why=approval.reason, at=at, actor=actor)


@inside_transaction
def _to_decide(
    application: LoanApplication, *, amount: Money | None, why: str, at: datetime, actor: Actor
) -> LoanApplication:
    """The application, locked, if this person may answer it so (None: by a refusal)."""
    if amount is not None:
        _check_stops(application, amount, at=at, actor=actor)
    row = applications.locked(application)
    staff.check_may(actor, DECIDE, at=at, branch=row.customer.branch_id)
    if actor.person in application_queries.persons_behind(row):
        raise OwnApplication
    if len(why.strip()) < LEAST_WHY:
        raise WhyDecided
    if not row.is_referred:
        raise applications.NotOpen
    if approval_queries.waiting_for(row, LARGE).exists():
        raise AlreadyWaiting
    if amount is not None:
        _check_grant(row, amount)
    return row


@inside_transaction
def _check_stops(
    application: LoanApplication, amount: Money, *, at: datetime, actor: Actor
) -> None:
    stops.check(
        application.product, what=What.OFFER, customer=application.customer, amount=amount,
        at=at, actor=actor,
    )  # fmt: skip


def _check_grant(row: LoanApplication, amount: Money) -> None:
    if fraud_queries.holds_back(row):
        raise UnderInvestigation
    term = row.term
    if not term.lends(amount):
        raise OverTerms(words=words.amounts(term))
    if amount > row.money:
        raise OverTerms(words=f"{row.money} was asked for. Approve that or less.")
    if row.product.is_for_people and not row.product.is_online:
        by_instalments.check_grant(row, amount)
    # What the rules found then, and what is true now; what was lifted since says nothing any more.
    on = calendar.business_date()
    found = {one["code"] for one in row.decisions.order_by("number").last().reasons}
    found.discard(ON_RECORD)
    if watch.record_of(row, on=on).declining:
        found.add(ON_RECORD)
    if not row.party.is_active:
        found.add("DETAILS")
    if queries.in_the_way(row.party, product=row.product_id, on=on):
        found.add("ACTIVE_LOAN")
    if hard := [text for code, text in HARD.items() if code in found]:
        raise HardDecline(reasons="; ".join(hard))


@inside_transaction
def _answer(
    row: LoanApplication, *, amount: Money | None, why: str, at: datetime, actor: Actor
) -> CreditDecision:
    """Adds a person's answer to an application: approved for an amount, or refused (None)."""
    before = row.decisions.order_by("number").last()
    result = Result.REFUSED if amount is None else Result.APPROVED
    decision = CreditDecision.objects.create(
        application=row,
        number=before.number + 1,
        result=result,
        amount=Decimal(0) if amount is None else amount.amount,
        limit=before.limit,
        percent=before.percent,
        model_version=before.model_version,
        score=before.score,
        least_score=before.least_score,
        inputs=before.inputs,
        points=before.points,
        reasons=before.reasons if amount is None else [],
        decided_by=str(actor),
        decided_at=at,
        business_date=calendar.business_date(),
        overrides=before,
        why=why.strip(),
    )
    keeping.settle(row, result=result, at=at, actor=actor)
    keeping.tell(row, amount, at=at)
    return decision
