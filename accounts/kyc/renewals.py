"""
Papers and reviews end: the customer is told 90 days before, and the tier falls only after that
notice (kenya.md 7.1). Each customer is a transaction of their own; a second run finds nothing.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.customers import operations as customers
from accounts.customers.models import Customer
from accounts.documents.models import Document
from accounts.documents.operations import REPLACED
from accounts.kyc import queries
from accounts.kyc.models import ExpiryNotice, KycTerm, Review, TierRequirement
from accounts.kyc.states import REVIEWS
from accounts.limits import queries as limits
from accounts.limits.models import Tier
from accounts.notifications import operations as notifications
from ledger.calendar import queries as calendar
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.words import day

MOST = 500  # Of one run; the next goes on.


def tell_expiring(*, at: datetime, actor: Actor) -> int:
    """
    This will tell customers whose papers or reviews end within the days of notice (NOTICE_DAYS),
    once for each, and give the number of notices.
    """
    today = calendar.nairobi_date(at)
    days = timedelta(days=queries.terms_on(today)[KycTerm.Kind.NOTICE_DAYS])
    ending = [(row, row.expires_date) for row in _papers_ending(by=today + days)]
    ending += [(row, row.due_date) for row in _reviews_ending(by=today + days)]
    return sum(
        _tell_one(row, ends=ends, notice=days, today=today, at=at, actor=actor)
        for row, ends in ending[:MOST]
    )


def lower_overdue(*, at: datetime, actor: Actor) -> int:
    """
    This will lower the tiers of customers whose notice is over and who renewed nothing, to what
    their papers still carry, and give the number of those lowered.
    """
    today = calendar.nairobi_date(at)
    over = ExpiryNotice.objects.filter(
        settled_at=None, ends_date__lte=today, customer__isnull=False
    )
    ids = list(over.order_by("ends_date", "pk").values_list("pk", flat=True)[:MOST])
    return sum(_settle(pk, today=today, at=at, actor=actor) for pk in ids)


@transaction.atomic
def lower_tier(customer: Customer, *, tier: str, why: str, actor: Actor, at: datetime) -> None:
    """
    This will lower a customer's tier, and with it the limits at once; the customer is told. On the
    first tier no review stands any more. Money that is above the new maximum stays.
    """
    before = customer.tier
    if tier == customers.FIRST_TIER:
        for review in customer.reviews.select_for_update().filter(state=Review.State.CURRENT):
            REVIEWS.move(review, to=Review.State.LAPSED)
    customers.move_to_tier(customer, tier=tier, actor=actor, at=at)

    audit.record(
        actor=actor, deed="kyc.lower_tier", subject=customer, why=why, before=before.pk, after=tier
    )
    lower, today = Tier.objects.get(pk=tier), calendar.nairobi_date(at)
    daily = limits.limit_of(tier, limits.Kind.DAILY_OUT, on=today)
    _tell(customer, "kyc_lowered", level=lower.label, daily=daily)


def _papers_ending(*, by: date):
    """Accepted papers that the owner's tier rests on, and that end without a newer one."""
    asked = TierRequirement.objects.on(by).filter(
        is_document=True, needs=OuterRef("kind"), tier__rank__lte=OuterRef("customer__tier__rank")
    )
    state = Document.State
    newer = Document.objects.filter(
        customer=OuterRef("customer"),
        kind=OuterRef("kind"),
        state=state.ACTIVE,
        pk__gt=OuterRef("pk"),
    )
    ended = Q(state=state.EXPIRED) & ~Q(reason=REPLACED)
    return (
        Document.objects.filter(Q(state=state.ACTIVE) | ended, Exists(asked), ~Exists(newer))
        .filter(expires_date__lte=by, notice=None, customer__tier__rank__gt=1)
        .select_related("customer__user")
        .order_by("pk")[:MOST]
    )


def _reviews_ending(*, by: date):
    ending = Review.objects.filter(state=Review.State.CURRENT, due_date__lte=by, notice=None)
    return ending.select_related("customer__user").order_by("pk")[:MOST]


@transaction.atomic
def _tell_one(row, *, ends: date, notice: timedelta, today: date, at: datetime, actor) -> int:
    subject = {"review" if isinstance(row, Review) else "document": row}
    # Never lowered before its own last day, nor before the days of notice are over.
    last_day = max(ends, today + notice)
    told, is_new = ExpiryNotice.objects.get_or_create(
        **subject,
        defaults={
            "customer": row.customer,
            "due_date": ends,
            "told_at": at,
            "ends_date": last_day + timedelta(days=1),
        },
    )
    if not is_new:
        return 0
    audit.record(actor=actor, deed="kyc.expiry_told", subject=row.customer, ends=ends)
    paper = row.get_kind_display() if isinstance(row, Document) else ""
    _tell(row.customer, "kyc_expiring", paper_kind=getattr(row, "kind", ""), paper=paper,
          ends=day(ends), until=day(last_day))  # fmt: skip
    return 1


@transaction.atomic
def _settle(pk: int, *, today: date, at: datetime, actor: Actor) -> int:
    notice = (
        ExpiryNotice.objects.select_for_update(skip_locked=True)
        .filter(pk=pk, settled_at=None)
        .first()
    )
    if notice is None:
        return 0  # Another worker, or the renewal itself, was first.
    customer = (
        Customer.objects.select_for_update(of=("self",))
        .select_related("tier", "user")
        .get(pk=notice.customer_id)
    )
    notice.settled_at = at
    notice.save(update_fields=["settled_at", "updated_at"])
    tier, why = queries.highest_met(customer, on=today), "paper"
    if notice.review_id and notice.review.state == Review.State.CURRENT:
        tier, why = queries.tiers_for_people()[0], "review"
    if tier.rank >= customer.tier.rank:
        return 0
    lower_tier(customer, tier=tier.pk, why=why, actor=actor, at=at)
    return 1


def _tell(customer: Customer, kind: str, **facts) -> None:
    facts |= {"name": customers.first_name(customer.full_name)}
    for channel in ("SMS", "EMAIL"):
        notifications.queue(user=customer.user, channel=channel, kind=kind, context=facts)
