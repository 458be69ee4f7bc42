"""
Papers of businesses end too. Directors are told once, within the days of notice that a customer's
papers have (kenya.md 7.1). What they send then stands on the desk (`queries.with_new_papers`).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.businesses import queries
from accounts.businesses.models import Business, Member
from accounts.documents.models import Document
from accounts.kyc import queries as kyc
from accounts.kyc.models import ExpiryNotice, KycTerm
from accounts.notifications import operations as notifications
from ledger.calendar import queries as calendar
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.words import day

MOST = 500  # Of one run; the next goes on.
OWNERS = "business:"  # How the owners of their documents begin.


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
    ending = Document.objects.filter(
        ~Exists(newer),
        owner_ref__startswith=OWNERS,
        state__in=[state.ACTIVE, state.EXPIRED],
        expires_date__lte=by,
        notice=None,
    )
    return sum(_tell_one(paper, at=at, actor=actor) for paper in ending.order_by("pk")[:MOST])


@transaction.atomic
def _tell_one(paper: Document, *, at: datetime, actor: Actor) -> int:
    found = queries.banking().filter(pk=paper.owner_ref.removeprefix(OWNERS)).first()
    if found is None:
        return 0
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
        _tell_directors(found, paper)
    return int(is_new)


def _tell_directors(business: Business, paper: Document) -> None:
    facts = {
        "business": business.name,
        "paper": paper.get_kind_display(),
        "ends": day(paper.expires_date),
    }
    for person in queries.with_role(business, Member.Role.DIRECTOR):
        for channel in ("SMS", "EMAIL"):
            notifications.queue(
                user=person.user, channel=channel, kind="business_paper_ends", context=facts
            )
