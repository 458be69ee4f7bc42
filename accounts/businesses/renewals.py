"""
Papers of businesses end too. Directors are told once, within the days of notice that a customer's
papers have (kenya.md 7.1). What they send then stands on the desk (`queries.with_new_papers`).
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.businesses import queries
from accounts.businesses.models import Business, Member
from accounts.documents.models import Document
from accounts.documents.operations import REPLACED
from accounts.kyc import queries as kyc
from accounts.kyc.models import ExpiryNotice, KycTerm
from accounts.notifications import operations as notifications
from ledger.calendar import queries as calendar
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.words import day

MOST = 500  # Of one run; the next goes on.


def tell_expiring(*, at: datetime, actor: Actor) -> int:
    """
    This will tell the directors of businesses that bank here whose accepted papers end within the
    days of notice (NOTICE_DAYS), once for each, and give the number of papers told of.
    """
    today = calendar.nairobi_date(at)
    by = today + timedelta(days=kyc.terms_on(today)[KycTerm.Kind.NOTICE_DAYS])
    state = Document.State
    newer = Document.objects.filter(
        owner_ref=OuterRef("owner_ref"),
        kind=OuterRef("kind"),
        state__in=[state.STAGED, state.ACTIVE],
        pk__gt=OuterRef("pk"),
    )
    owner = queries.banking().annotate(ref=queries.OWNER_REF)
    ended = Q(state=state.EXPIRED) & ~Q(reason=REPLACED)
    ending = Document.objects.filter(
        Q(state=state.ACTIVE) | ended,
        ~Exists(newer),
        Exists(owner.filter(ref=OuterRef("owner_ref"))),
        owner_ref__startswith=queries.OWNERS,
        expires_date__lte=by,
        notice=None,
    )
    papers = ending.order_by("expires_date", "pk")[:MOST]
    return sum(_tell_one(paper, today=today, at=at, actor=actor) for paper in papers)


@transaction.atomic
def _tell_one(paper: Document, *, today: date, at: datetime, actor: Actor) -> int:
    found = Business.objects.get(pk=paper.owner_ref.removeprefix(queries.OWNERS))
    directors = queries.with_role(found, Member.Role.DIRECTOR)
    if not directors:
        return 0  # Nobody to tell; somebody may be back tomorrow.
    last = paper.expires_date
    _, is_new = ExpiryNotice.objects.get_or_create(
        document=paper,
        defaults={
            "due_date": last,
            "told_at": at,
            "ends_date": last + timedelta(days=1),
        },
    )
    if is_new:
        audit.record(actor=actor, deed="business.expiry_told", subject=found, kind=paper.kind)
        _tell(directors, found, paper, is_over=last < today)
    return int(is_new)


def _tell(directors, business: Business, paper: Document, *, is_over: bool) -> None:
    facts = {
        "business": business.name,
        "paper": paper.get_kind_display(),
        "ends": day(paper.expires_date),
        "is_over": is_over,
    }
    for person in directors:
        for channel in ("SMS", "EMAIL"):
            notifications.queue(
                user=person.user, channel=channel, kind="business_paper_ends", context=facts
            )
