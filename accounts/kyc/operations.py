"""Asking for a higher tier, telling and sending what it needs, reviewing it, and raising it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.customers import contacts
from accounts.customers import operations as customers
from accounts.customers.models import Customer
from accounts.documents import operations as documents
from accounts.documents.models import Document
from accounts.kyc import checks, facts, queries
from accounts.kyc.models import DeclaredFacts, ExpiryNotice, KycTerm, Review, Submission
from accounts.kyc.reasons import Reason
from accounts.kyc.refusals import (
    AlreadyInReview,
    BadAddress,
    BadKraPin,
    CustomerNotActive,
    IdentityDoubtful,
    NotComplete,
    NothingAsked,
    NothingDeclined,
    NotInReview,
    NotPartOfIt,
    NotVerified,
    OwnSubmission,
    RiskTooLow,
    TierNotOffered,
)
from accounts.kyc.states import REVIEWS, SUBMISSIONS
from accounts.limits import queries as limits
from accounts.limits.models import Tier
from accounts.notifications import operations as notifications
from accounts.screening import queries as screening
from ledger.approvals import operations as approvals
from ledger.calendar import queries as calendar
from ledger.controls import audit
from ledger.money import Money
from wekeza.kit.actor import Actor
from wekeza.kit.words import moment

__all__ = [
    "AlreadyInReview",
    "BadAddress",
    "BadKraPin",
    "CustomerNotActive",
    "IdentityDoubtful",
    "NotComplete",
    "NotInReview",
    "NotPartOfIt",
    "NotVerified",
    "NothingAsked",
    "NothingDeclined",
    "OwnSubmission",
    "RiskTooLow",
    "TierNotOffered",
    "approve_document",
    "ask_again",
    "cancel",
    "decline_document",
    "initiate",
    "propose_raise",
    "raise_tier",
    "send_for_review",
    "tell_facts",
]

State = Submission.State
DEED = "kyc.raise_tier"


@transaction.atomic
def initiate(customer: Customer, *, tier: str, actor: Actor, at: datetime) -> Submission:
    """
    This will begin a request for a tier (CK17: initiate). Asked again it gives the same request; a
    request for another tier that was not sent yet is cancelled.

    :raises CustomerNotActive: if the customer is held, suspended or closed.
    :raises TierNotOffered: if the tier is not above the customer's, and no renewal of it is due.
    :raises AlreadyInReview: if another request is being checked.
    """
    customer = _locked(customer)
    wanted = Tier.objects.exclude(code=queries.BUSINESS).filter(code=tier).first()
    if wanted is None:
        raise TierNotOffered(tier=tier)
    today = calendar.nairobi_date(at)
    is_renewal = wanted.pk == customer.tier_id and queries.is_renewal_due(customer, on=today)
    if wanted.rank <= customer.tier.rank and not is_renewal:
        raise TierNotOffered(tier=_(wanted.label))
    standing = queries.standing_submission(customer)
    if standing is not None and standing.tier_id == wanted.pk:
        return standing
    _refuse_in_review(standing)

    if standing is not None:
        SUBMISSIONS.move(standing, to=State.CANCELLED, closed_at=at)
    submission = Submission.objects.create(customer=customer, tier=wanted, begun_at=at)
    audit.record(actor=actor, deed="kyc.initiated", subject=submission, tier=wanted.code)
    return submission


@transaction.atomic
def cancel(customer: Customer, *, actor: Actor, at: datetime) -> None:
    """
    This will let go of a request that was not sent; what was uploaded stays.

    :raises NothingAsked: if there is none.
    :raises AlreadyInReview: if it is being checked.
    """
    standing = queries.standing_submission(_locked(customer, is_active=False))
    if standing is None:
        raise NothingAsked
    _refuse_in_review(standing)
    SUBMISSIONS.move(standing, to=State.CANCELLED, closed_at=at)
    audit.record(actor=actor, deed="kyc.cancelled", subject=standing)


@transaction.atomic
def tell_facts(
    customer: Customer,
    *,
    kra_pin: str,
    address: str,
    occupation: str,
    actor: Actor,
    at: datetime,
    monthly_income: Money | None = None,
    source_of_funds: str = "",
) -> DeclaredFacts:
    """
    This will keep what a customer declares: KRA PIN, address, occupation, and for tier 3 the income
    in a month and where the money comes from. What is left out stays as it was.

    :raises BadAddress: if nobody could be found by it.
    :raises BadKraPin: if it is not a letter A or P, 9 digits and a letter.
    :raises AlreadyInReview: while what was sent is being checked.
    :raises CustomerNotActive: if the customer is held, suspended or closed.
    """
    kra_pin, address = facts.normalised_kra_pin(kra_pin), facts.checked_address(address)
    customer = _locked(customer)
    _refuse_in_review(queries.standing_submission(customer))

    contacts.keep_main_address(customer, line=address, actor=actor)
    customers.update_profile(customer, occupation=occupation, actor=actor)
    told, _is_new = DeclaredFacts.objects.select_for_update().get_or_create(
        customer=customer, defaults={"told_at": at}
    )
    told.kra_pin, told.kra_pin_index = kra_pin, queries.kra_pin_index(kra_pin)
    if monthly_income is not None:
        told.monthly_income, told.currency = monthly_income.amount, monthly_income.currency
    told.source_of_funds = source_of_funds or told.source_of_funds
    told.told_at = at
    told.save()
    audit.record(actor=actor, deed="kyc.facts_told", subject=customer)
    return told


@transaction.atomic
def send_for_review(customer: Customer, *, actor: Actor, at: datetime) -> Submission:
    """
    This will hand everything that was told and uploaded to an officer (CK17: submit), and start the
    bank's own clock (ANSWER_HOURS). Sent already, it stays as it is.

    :raises NothingAsked: if no tier was asked for.
    :raises NotComplete: with what is missing.
    """
    customer = _locked(customer)
    submission = queries.standing_submission(customer)
    if submission is None:
        raise NothingAsked
    if submission.state == State.SENT:
        return submission
    today = calendar.nairobi_date(at)
    needs = queries.needs_for(submission, on=today)
    if missing := [str(need.label) for need in needs if not need.is_there]:
        raise NotComplete(missing=", ".join(missing))

    hours = queries.terms_on(today)[KycTerm.Kind.ANSWER_HOURS]
    SUBMISSIONS.move(
        submission, to=State.SENT, sent_at=at, answer_due_at=at + timedelta(hours=hours)
    )
    audit.record(actor=actor, deed="kyc.sent", subject=submission, tier=submission.tier_id)
    return submission


@transaction.atomic
def approve_document(
    submission: Submission, *, document: Document, actor: Actor, at: datetime, expires_date=None
) -> Document:
    """
    This will accept one paper of a request; `expires_date` is its last day as the officer reads it.

    :raises NotInReview: if the request is not being checked.
    :raises NotPartOfIt: if the paper is not one of it.
    :raises OwnSubmission: if the officer is the customer.
    :raises AlreadyDecided: if the paper was decided.
    """
    _in_review(submission, actor=actor, document=document, at=at)
    return documents.approve(document, actor=actor, at=at, expires_date=expires_date)


@transaction.atomic
def decline_document(
    submission: Submission, *, document: Document, reason: str, actor: Actor, at: datetime
) -> Document:
    """
    This will decline one paper of a request for a reason of the list, which the customer reads with
    its tip once `ask_again` hands the request back.

    :raises NotInReview: or NotPartOfIt, OwnSubmission, AlreadyDecided, as `approve_document`.
    """
    _in_review(submission, actor=actor, document=document, at=at)
    return documents.decline(document, reason=Reason(reason).value, actor=actor, at=at)


@transaction.atomic
def ask_again(submission: Submission, *, actor: Actor, at: datetime) -> Submission:
    """
    This will hand a request back to its customer, who reads what to send anew: papers that were
    declined, or that are over or gone since.

    :raises NothingDeclined: if everything is there.
    :raises NotInReview: if the request is not being checked.
    :raises OwnSubmission: if the officer is the customer.
    """
    submission = _in_review(submission, actor=actor)
    customer = submission.customer
    needs = queries.needs_for(submission, on=calendar.nairobi_date(at))
    anew = [need for need in needs if not need.is_there]
    if not anew:
        raise NothingDeclined

    SUBMISSIONS.move(submission, to=State.OPEN, answer_due_at=None)
    audit.record(actor=actor, deed="kyc.asked_again", subject=submission, papers=len(anew))
    _tell(customer, "kyc_retake", count=len(anew))
    return submission


@transaction.atomic
def propose_raise(submission: Submission, *, risk: str, reason: str, actor: Actor, at: datetime):
    """
    This will ask a second person to raise the customer's tier (CK02); the limits do not change
    until that person agrees. `risk` decides when the customer is reviewed again.

    :raises NotInReview: if the request is not being checked.
    :raises OwnSubmission: if the officer is the customer.
    :raises NotVerified: with what is not accepted yet.
    :raises IdentityDoubtful: if the register said no and nobody settled it.
    :raises RiskTooLow: if the customer is politically exposed and the risk is not high.
    :raises AlreadyWaiting: or MayNotAsk, ReasonMissing, as ledger.approvals says.
    """
    submission = _in_review(submission, actor=actor)
    customer, today = submission.customer, calendar.nairobi_date(at)
    accepted = _verified(submission, on=today)
    _refuse_low_risk(customer, risk)
    changes = queries.limit_changes(before=customer.tier_id, after=submission.tier_id, on=today)
    changes.insert(0, (str(_("Level")), customer.tier.label, submission.tier.label))
    return approvals.propose(
        deed=DEED,
        subject=submission,
        payload={
            "submission": submission.pk,
            "tier": submission.tier_id,
            "risk": Review.Risk(risk).value,
            "documents": accepted,
            "facts": facts.facts_digest(customer),
        },
        changes=[approvals.Change(*change) for change in changes],
        reason=reason,
        actor=actor,
        at=at,
        branch=customer.branch_id,
        about=[customer.actor.person],
    )


@transaction.atomic
def raise_tier(*, payload: dict, approval, actor: Actor, at: datetime) -> Review:
    """
    This will raise a customer's tier after a second person agreed: on fresh data, with the very
    papers that were accepted, and with the limits of the accounts in the same transaction. It runs
    as the deed `kyc.raise_tier` of an approval, whose maker reviewed the papers.

    :raises NotInReview: if the request is no longer being checked, or is for another tier.
    :raises NotVerified: if a paper has changed or expired since, or what the customer told.
    :raises RiskTooLow: if the customer is politically exposed and the risk is not high.
    :raises IdentityDoubtful: if the register said no and nobody settled it.
    :raises OwnSubmission: if the second person is the customer.
    :raises CustomerNotActive: if the customer is held, suspended or closed.
    """
    submission = _in_review(Submission(pk=payload["submission"]), actor=actor)
    customer = _locked(submission.customer)
    today = calendar.nairobi_date(at)
    if submission.tier_id != payload["tier"] or submission.tier.rank < customer.tier.rank:
        raise NotInReview
    _refuse_changed(submission, payload, on=today)
    _refuse_low_risk(customer, payload["risk"])

    for older in customer.reviews.select_for_update().filter(state=Review.State.CURRENT):
        REVIEWS.move(older, to=Review.State.REPLACED)
    months = queries.terms_on(today)[f"REVIEW_MONTHS_{payload['risk']}"]
    review = Review.objects.create(
        customer=customer,
        submission=submission,
        tier=submission.tier,
        risk=payload["risk"],
        approval=approval,
        reviewed_by=approval.maker,
        approved_by=str(actor),
        reviewed_at=at,
        due_date=calendar.months_after(today, months),
    )
    SUBMISSIONS.move(submission, to=State.RAISED, closed_at=at)
    # A notice about a paper that still carries the tier goes on until that paper is replaced.
    running = ExpiryNotice.objects.filter(customer=customer, settled_at=None)
    running.exclude(document__in=payload["documents"]).update(settled_at=at)
    customers.move_to_tier(customer, tier=submission.tier_id, actor=actor, at=at)

    facts_kept = {"tier": submission.tier_id, "risk": review.risk}
    audit.record(actor=actor, deed=DEED, subject=customer, **facts_kept)
    daily = limits.limit_of(submission.tier_id, limits.Kind.DAILY_OUT, on=today)
    _tell(customer, "kyc_raised", level=submission.tier.label, daily=daily)
    return review


def _locked(customer: Customer, *, is_active: bool = True) -> Customer:
    locked = Customer.objects.select_for_update(of=("self",)).select_related("tier", "user")
    customer = locked.get(pk=customer.pk)
    if is_active and customer.status != Customer.Status.ACTIVE:
        raise CustomerNotActive
    return customer


def _refuse_in_review(submission: Submission | None) -> None:
    if submission is not None and submission.state == State.SENT:
        raise AlreadyInReview(due=moment(submission.answer_due_at))


def _in_review(submission, *, actor: Actor, document=None, at: datetime | None = None):
    """The request, locked, if it is being checked, by somebody else than whom it is about."""
    rows = Submission.objects.select_for_update(of=("self",))
    rows = rows.select_related("tier", "customer__tier", "customer__user")
    submission = rows.get(pk=submission.pk)
    customer = submission.customer
    if submission.state != State.SENT:
        raise NotInReview
    if actor.person == customer.actor.person:
        raise OwnSubmission
    if document is not None:
        wanted = queries.needs_for(submission, on=calendar.nairobi_date(at))
        kinds = {need.code for need in wanted if need.is_document}
        if document.owner_ref != customer.owner_ref or document.kind not in kinds:
            raise NotPartOfIt
    return submission


def _verified(submission: Submission, *, on) -> list[int]:
    """The accepted papers of a request, if nothing of it is open, and nobody doubts who it is."""
    needs = queries.needs_for(submission, on=on)
    if missing := [str(need.label) for need in needs if not need.is_met]:
        raise NotVerified(missing=", ".join(missing))
    checks.refuse_doubtful(submission.customer)
    return sorted(need.document.pk for need in needs if need.is_document)


def _refuse_changed(submission: Submission, payload: dict, *, on) -> None:
    """The second person agreed to what the first one saw, and to nothing else."""
    if _verified(submission, on=on) != payload["documents"]:
        raise NotVerified(missing=_("the papers changed since they were checked"))
    if facts.facts_digest(submission.customer) != payload["facts"]:
        raise NotVerified(missing=_("what the customer told changed since it was checked"))


def _refuse_low_risk(customer: Customer, risk: str) -> None:
    """Who holds a public office, or is close to it, is of high risk (kenya.md 7.1)."""
    if risk != Review.Risk.HIGH and screening.is_in_public_office(customer.owner_ref):
        raise RiskTooLow


def _tell(customer: Customer, kind: str, **facts) -> None:
    facts |= {"name": customers.first_name(customer.full_name)}
    for channel in ("SMS", "EMAIL"):
        notifications.queue(user=customer.user, channel=channel, kind=kind, context=facts)
