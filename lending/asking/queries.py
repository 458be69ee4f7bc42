"""Which loans by instalments are offered, and what one asks of a customer before they start."""

from dataclasses import dataclass
from datetime import date

from accounts.documents.models import Document
from ledger.calendar import queries as calendar
from ledger.money import Money
from lending.credit import queries as credit
from lending.evidence import queries as evidence
from lending.evidence.models import Needs
from lending.products import queries as products
from lending.products.queries import Offer
from lending.purchases import queries as purchases
from lending.purchases.models import Thing
from wekeza.kit.dated import NoSuchTerm


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list: what is asked for, and of a paper or a level whether it is there."""

    label: str
    is_there: bool | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """What a customer sees before they start: what is asked for, and the most at their level."""

    needs: list[str]
    items: list[Item]
    missing: list[str]
    most: Money
    is_lent: bool
    things: list[tuple[str, str]]


def offers(*, on: date) -> list[Offer]:
    """This will give the loans by instalments that people can ask for on a day, in their order."""
    listed = evidence.asked_for(on=on)
    return [
        offer
        for offer in products.offers(on=on)
        if offer.product.is_for_people and offer.product.code in listed
    ]


def offer_of(slug: str, *, on: date) -> Offer:
    """
    This will give the loan of a word in an address.

    :raises NoSuchTerm: if none such is offered.
    """
    for offer in offers(on=on):
        if offer.product.slug == slug:
            return offer
    raise NoSuchTerm(f"{slug} is not asked for on {on}")


def start_of(customer, offer: Offer, *, on: date) -> Start:
    """This will tell what a loan asks of a customer, and what of it is there."""
    code = offer.product.code
    papers = evidence.papers_of(customer, product=code, on=on)
    needs = evidence.needs_on(code, on=on)
    cap = credit.cap_of(customer, product=code, on=on)
    most = Money.rounded(offer.term.most_amount, "KES")
    return Start(
        needs=needs,
        items=[
            Item(Needs(need).label, papers[need] is not None if need in papers else None)
            for need in needs
        ],
        missing=[need for need, document in papers.items() if document is None],
        most=most if cap is None else min(cap, most),
        is_lent=cap is not None,
        things=[(thing, Thing(thing).label) for thing in purchases.shares_on(code, on=on)],
    )


def papers_missing(customer, offer: Offer) -> dict[str, Document.Kind]:
    """This will give the papers that a loan asks for and the customer has not sent."""
    papers = evidence.papers_of(customer, product=offer.product.code, on=calendar.business_date())
    return {need: evidence.PAPERS[need] for need, found in papers.items() if found is None}
