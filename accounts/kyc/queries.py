"""What a tier asks for, what a customer has shown of it, the ladder, and the officers' queue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from accounts.documents import queries as documents
from accounts.documents.models import Document
from accounts.kyc import facts
from accounts.kyc.models import (
    ExpiryNotice,
    Fact,
    KycTerm,
    Review,
    Submission,
    TierRequirement,
)
from accounts.kyc.reasons import words_of
from accounts.kyc.refusals import NoSuchSubmission
from accounts.limits import queries as limits
from accounts.limits.models import Tier
from accounts.screening import queries as screening
from ledger.calendar import queries as calendar
from wekeza.kit.encryption import blind_index

State = Submission.State
BUSINESS = "BUSINESS"  # Not a step for people: accounts of firms are opened with it.
SHOWN_LIMITS = ("PER_TRANSFER", "DAILY_OUT", "MONTHLY_OUT", "MAXIMUM_BALANCE")
CHANGED_LIMITS = (*SHOWN_LIMITS, "LOAN_CAP")  # Customers see it with the loans themselves.
MET, WAITING, DECLINED, EXPIRED, MISSING = "MET", "WAITING", "DECLINED", "EXPIRED", "MISSING"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a tier asks for, and how far a customer is with it."""

    code: str
    label: str
    is_document: bool
    state: str
    document: Document | None = None
    newer: Document | None = None
    is_expiring: bool = False

    @property
    def slug(self) -> str:
        return self.code.lower().replace("_", "-")

    @property
    def status(self) -> str:
        """The code of its pill."""
        if self.is_expiring and self.newer is None:
            return "ENDING"
        return {MET: "ACCEPTED", WAITING: "STAGED"}.get(self.state, self.state)

    @property
    def is_met(self) -> bool:
        return self.state == MET

    @property
    def is_waiting(self) -> bool:
        return self.state == WAITING

    @property
    def is_declined(self) -> bool:
        return self.state == DECLINED

    @property
    def is_there(self) -> bool:
        """The customer has done their part of it."""
        return self.state in {MET, WAITING}

    @property
    def why(self) -> str:
        """Why the paper was declined, in words."""
        return words_of(self.document.reason)[0] if self.is_declined else ""

    @property
    def tip(self) -> str:
        """How the next photo passes."""
        return words_of(self.document.reason)[1] if self.is_declined else ""


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: a tier, what it allows, and what it still asks for."""

    tier: Tier
    limits: Mapping
    needs: list[Need]
    is_reached: bool
    is_current: bool
    is_asked: bool
    is_offered: bool
    is_collecting: bool  # What it needs can be told and uploaded now.
    shows_needs: bool

    @property
    def shown_limits(self) -> list[tuple]:
        """The limits that the page tells, with their labels; None is no limit."""
        return [(limits.Kind(kind).label, self.limits[kind]) for kind in SHOWN_LIMITS]

    @property
    def facts(self) -> list[Need]:
        return [need for need in self.needs if not need.is_document]

    @property
    def papers(self) -> list[Need]:
        return [need for need in self.needs if need.is_document]

    @property
    def missing(self) -> list[Need]:
        return [need for need in self.needs if not need.is_there]

    @property
    def has_untold(self) -> bool:
        """A fact is missing, so the page leads to the form first."""
        return any(not need.is_document for need in self.missing)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a customer stands: tier, request, review, and what ends soon."""

    rungs: list[Rung]
    submission: Submission | None
    review: Review | None
    notices: list[ExpiryNotice]
    is_renewal_due: bool

    @property
    def is_collecting(self) -> bool:
        """The customer asked for a tier and has not sent it yet."""
        return self.submission is not None and self.submission.is_open

    @property
    def asked(self) -> Rung | None:
        """The rung that the customer is collecting for, or that is being checked."""
        return next((rung for rung in self.rungs if rung.is_asked), None)

    @property
    def missing(self) -> list[Need]:
        """What is still missing for the tier that was asked for, of all tiers up to it."""
        top = self.asked
        if top is None:
            return []
        below = [rung for rung in self.rungs if rung.tier.rank <= top.tier.rank]
        return [need for rung in below for need in rung.missing]


@dataclass(frozen=True, slots=True)
class Case:
    """One request as an officer sees it: documents beside what was declared, and what changes."""

    submission: Submission
    needs: list[Need]
    facts: dict[str, str]
    checks: list
    same_kra_pin: int
    waiting: list
    changes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A line of the officers' queue."""

    submission: Submission
    left: timedelta

    @property
    def is_late(self) -> bool:
        return self.left < timedelta(0)


def terms_on(day: date) -> Mapping[str, int]:
    """This will give the clocks and ages of KYC in force on a day."""
    return KycTerm.numbers_on(day)


def tiers_for_people() -> list[Tier]:
    """This will give the steps of the ladder, the lowest first."""
    return list(Tier.objects.exclude(code=BUSINESS).order_by("rank"))


def requirements_of(tier: Tier, *, on: date) -> list[TierRequirement]:
    """This will give what a tier itself asks for on a day, facts first, in the order of writing."""
    return list(TierRequirement.objects.on(on).filter(tier=tier).order_by("is_document", "pk"))


def needs_of(customer, *, tier: Tier, on: date, begun_at: datetime | None = None) -> list[Need]:
    """
    This will tell how far a customer is with everything up to a tier, on a day; for a request, with
    papers no older than they may be on the day it was begun.
    """
    wanted = TierRequirement.objects.on(on).filter(tier__rank__lte=tier.rank)
    wanted = wanted.exclude(tier=BUSINESS) if tier.code != BUSINESS else wanted
    shown = _Shown(customer, on=on, begun_at=begun_at)
    rows = wanted.order_by("tier__rank", "is_document", "pk")
    return shown.with_source([shown.need(row) for row in rows], of_rank=tier.rank)


def needs_for(submission: Submission, *, on: date) -> list[Need]:
    """This will tell how far a customer is with everything that a request needs, on a day."""
    at = submission.begun_at
    return needs_of(submission.customer, tier=submission.tier, on=on, begun_at=at)


def standing_of(customer, *, at: datetime) -> Standing:
    """This will tell where a customer stands on the ladder, for their page and for partners."""
    today = calendar.nairobi_date(at)
    submission, review = standing_submission(customer), current_review(customer)
    is_checked = submission is not None and submission.is_sent
    is_due, rank = is_renewal_due(customer, on=today), customer.tier.rank
    asked = submission.tier.rank if submission else 0
    shown = _Shown(customer, on=today, begun_at=submission.begun_at if submission else None)
    rungs = [
        Rung(
            tier=tier,
            limits=limits.limits_of(tier.code, on=today),
            needs=shown.with_source(
                [shown.need(row) for row in requirements_of(tier, on=today)], of_rank=tier.rank
            ),
            is_reached=tier.rank <= rank,
            is_current=tier.pk == customer.tier_id,
            is_asked=submission is not None and tier.pk == submission.tier_id,
            is_offered=not is_checked and (tier.rank > rank or (tier.rank == rank and is_due)),
            is_collecting=not is_checked and tier.rank <= asked,
            shows_needs=tier.rank > rank or (tier.rank > 1 and (tier.rank <= asked or is_due)),
        )
        for tier in tiers_for_people()
    ]
    notices = ExpiryNotice.objects.filter(customer=customer, settled_at=None)
    return Standing(
        rungs=rungs,
        submission=submission,
        review=review,
        notices=list(notices.select_related("document", "review").order_by("ends_date")),
        is_renewal_due=is_due,
    )


def standing_submission(customer) -> Submission | None:
    """This will give the request that a customer is collecting for, or that is being checked."""
    standing = Submission.objects.filter(customer=customer, state__in=[State.OPEN, State.SENT])
    return standing.select_related("tier").first()


def submission_by(public_id) -> Submission:
    """
    This will find a customer's request for an officer.

    :raises NoSuchSubmission: if there is none.
    """
    rows = Submission.objects.select_related("tier", "customer")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NoSuchSubmission
    return found


def current_review(customer) -> Review | None:
    """This will give the review by which a customer stands on a tier above the first."""
    return Review.objects.filter(customer=customer, state=Review.State.CURRENT).first()


def is_renewal_due(customer, *, on: date) -> bool:
    """This will say whether the review ends within the days of notice, or a paper has."""
    soon = on + timedelta(days=terms_on(on)[KycTerm.Kind.NOTICE_DAYS])
    review = current_review(customer)
    if review is not None and review.due_date <= soon:
        return True
    return ExpiryNotice.objects.filter(customer=customer, settled_at=None).exists()


def kra_pin_index(kra_pin: str) -> str:
    """This will give the keyed hash under which a KRA PIN is found."""
    return blind_index(kra_pin, context="kyc.kra_pin")


def highest_met(customer, *, on: date) -> Tier:
    """This will give the highest tier whose papers and facts all stand accepted on a day."""
    found = None
    for tier in tiers_for_people():
        if found is not None and not all(n.is_met for n in needs_of(customer, tier=tier, on=on)):
            break
        found = tier
    return found


def waiting() -> QuerySet[Submission]:
    """This will give the requests that officers have to answer, by the clock."""
    sent = Submission.objects.filter(state=State.SENT).order_by("answer_due_at", "pk")
    return sent.select_related("customer__user", "customer__tier", "tier")


def queue(rows: QuerySet[Submission], *, at: datetime, most: int = 50) -> list[QueueRow]:
    """This will give requests that wait as officers see them: with the time that is left."""
    return [QueueRow(row, row.answer_due_at - at) for row in rows[:most]]


def limit_changes(*, before: str, after: str, on: date) -> list[tuple[str, str, str]]:
    """This will list what another tier changes for a customer: label, before, after."""
    old, new = limits.limits_of(before, on=on), limits.limits_of(after, on=on)
    return [
        (str(limits.Kind(kind).label), str(old[kind] or "–"), str(new[kind] or "–"))
        for kind in CHANGED_LIMITS
        if old[kind] != new[kind]
    ]


def facts_asked(standing: Standing) -> set[str]:
    """This will give the codes of all facts up to the tier that was asked for."""
    top = standing.asked.tier.rank
    rungs = [rung for rung in standing.rungs if rung.tier.rank <= top]
    return {need.code for rung in rungs for need in rung.facts}


class Papers:
    """
    What one owner sent, a person or a business, read once for all that is asked for; for a request,
    with papers no older than they may be on the day it was begun.
    """

    def __init__(self, owner_ref: str, *, on: date, begun_at: datetime | None = None):
        self.on = on
        self.asked_on = calendar.nairobi_date(begun_at) if begun_at else None
        self.soon = on + timedelta(days=terms_on(on)[KycTerm.Kind.NOTICE_DAYS])
        self.sent: dict[str, list[Document]] = {}
        for document in documents.standing_of(owner_ref):
            self.sent.setdefault(document.kind, []).append(document)

    def need(self, kind: str) -> Need:
        """This will tell how far the owner is with one kind of paper."""
        label, sent = Document.Kind(kind).label, self.sent.get(kind, [])
        of = {document.state: document for document in reversed(sent)}  # The newest of each wins.
        fresh = {state: one for state, one in of.items() if not self._is_over(one)}
        staged, active = fresh.get(Document.State.STAGED), fresh.get(Document.State.ACTIVE)
        if active is not None:
            ends = active.expires_date is not None and active.expires_date <= self.soon
            return Need(kind, label, True, MET, active, staged, is_expiring=ends)
        if staged is not None:
            return Need(kind, label, True, WAITING, staged)
        newest = sent[0] if sent else None
        if newest is None:
            return Need(kind, label, True, MISSING)
        is_declined = newest.state == Document.State.DECLINED
        return Need(kind, label, True, DECLINED if is_declined else EXPIRED, newest)

    def _is_over(self, document: Document) -> bool:
        if document.expires_date is not None and document.expires_date < self.on:
            return True
        return self.asked_on is not None and documents.is_too_old(document, on=self.asked_on)


class _Shown:
    """What one customer has told and sent, read once for all requirements."""

    def __init__(self, customer, *, on: date, begun_at: datetime | None = None):
        self.told = facts.facts_of(customer)
        self.papers = Papers(customer.owner_ref, on=on, begun_at=begun_at)
        self.is_exposed = screening.is_in_public_office(customer.owner_ref)

    def need(self, row: TierRequirement) -> Need:
        """This will tell how far the customer is with one fact or paper."""
        if row.is_document:
            return self.papers.need(row.needs)
        state = MET if self.told[row.needs] else MISSING
        return Need(row.needs, Fact(row.needs).label, False, state)

    def with_source(self, needs: list[Need], *, of_rank: int) -> list[Need]:
        """Of who is politically exposed the bank asks on every level where the money comes from."""
        asked = Fact.SOURCE_OF_FUNDS
        if not self.is_exposed or of_rank == 1 or any(need.code == asked for need in needs):
            return needs
        state = MET if self.told[asked] else MISSING
        return [Need(asked.value, asked.label, False, state), *needs]
