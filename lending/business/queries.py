"""Looking at what businesses asked for, and at the papers that show their turnover."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.businesses.models import Business
from accounts.documents import queries as documents
from accounts.documents.models import Document
from ledger.calendar import queries as calendar
from lending.applications.models import LoanApplication
from lending.applications.refusals import NoSuchApplication
from lending.business.models import BusinessTerm
from lending.business.told import Evidence
from lending.products import queries as products
from lending.products.models import SectorTerm
from lending.products.queries import Offer

PRODUCT = "SMEW"
PAPER_OF = {
    Evidence.AUDITED: Document.Kind.AUDITED_ACCOUNTS,
    Evidence.VAT_RETURNS: Document.Kind.VAT_RETURNS,
    Evidence.BANK_STATEMENTS: Document.Kind.BANK_STATEMENTS,
}


def rows() -> QuerySet[LoanApplication]:
    """This will give the applications of all businesses with what they told."""
    parts = ("business", "customer__user", "product", "term__product")
    parts += ("business_request__sector", "business_request__document")
    return LoanApplication.objects.filter(business__isnull=False).select_related(*parts)


def of(business: Business) -> QuerySet[LoanApplication]:
    """This will give the applications of a business, the newest first; its door asks who looks."""
    return rows().filter(business=business).order_by("-pk")


def one_of(business: Business, *, public_id: UUID) -> LoanApplication:
    """
    This will give one application of a business.

    :raises NoSuchApplication: if it is another's; another's and none look the same.
    """
    found = of(business).filter(public_id=public_id).first()
    if found is None:
        raise NoSuchApplication
    return found


def offer_on(day: date) -> Offer:
    """
    This will give the loan that businesses ask for, with its rate for each sector.

    :raises NoSuchTerm: if it is not lent on that day.
    """
    return products.offer(PRODUCT, on=day)


def sectors(offer: Offer) -> dict[str, SectorTerm]:
    """This will give the sectors that are lent to, by their code, in the order of their price."""
    return {price.key: price.sector for price in offer.prices}


def paper_there(business: Business, *, evidence: str, at: datetime) -> Document | None:
    """
    This will give the paper of a business's turnover that it sent before and is not too old to be
    used again, the newest; None if there is none.

    :raises NoSuchTerm: if nothing says how old it may be.
    """
    if evidence not in PAPER_OF:
        return None
    today = calendar.nairobi_date(at)
    months = BusinessTerm.numbers_on(today)[BusinessTerm.Kind.PAPER_MONTHS]
    states = (Document.State.STAGED, Document.State.ACTIVE)
    found = documents.standing_of(business.owner_ref).filter(
        kind=PAPER_OF[Evidence(evidence)],
        state__in=states,
        uploaded_at__date__gt=calendar.months_after(today, -months),
    )
    return found.first()


def papers_of(business: Business, *, at: datetime) -> list[tuple[str, bool]]:
    """This will name the papers that show a turnover, and tell of each whether it is there."""
    return [
        (Evidence(one).label, paper_there(business, evidence=one, at=at) is not None)
        for one in PAPER_OF
    ]
