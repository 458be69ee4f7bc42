"""A business asks for a loan, and the rules answer; what people decide is in lending/decisions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.businesses import queries as businesses
from accounts.businesses.models import Business
from accounts.businesses.queries import Role
from accounts.documents import operations as documents
from accounts.documents.models import Document
from ledger.calendar import queries as calendar
from ledger.money import Money
from lending.applications import operations as applications
from lending.applications.models import Employment, LoanApplication
from lending.applications.operations import Wish
from lending.applications.pace import Typed
from lending.bureau import operations as bureau
from lending.bureau.answers import joint
from lending.bureau.models import BureauEnquiry
from lending.business import engine, facts, limits, queries, quotes
from lending.business.models import BusinessRequest
from lending.business.refusals import PaperMissing
from lending.business.told import Told
from lending.decisions import engine as decided
from lending.decisions import keeping
from lending.decisions.refusals import DetailsBeingChecked, OneAtATime, OverLimit, OverTerms
from lending.fraud import operations as fraud
from lending.loans import queries as loans
from lending.products import words
from lending.products.models import LoanTerm
from lending.scoring import queries as scoring
from lending.scoring.models import Scorecard
from lending.stops import operations as stops
from lending.stops.models import StoppedAttempt
from wekeza.kit.actor import SYSTEM, Actor
from wekeza.kit.db import deed
from wekeza.kit.failpoints import failpoint


@dataclass(frozen=True, slots=True)
class BusinessWish:
    """
    What a director asks for and tells for a business; `consent` is the version and hash of what
    they allowed, `device` the keyed hash of their browser, `document` the paper of its turnover,
    `typed` how its form came.
    """

    term: LoanTerm
    amount: Money
    tenor: int
    told: Told
    consent: tuple[str, str]
    document: Document | None = None
    device: str = ""
    typed: Typed | None = None


def send_paper(
    business: Business, *, evidence: str, content: bytes, at: datetime, actor: Actor
) -> Document:
    """
    This will take the paper that shows a business's turnover from a director, sealed as its own.

    :raises NotYourRole: if the actor is no director.
    :raises Unreadable: and every other refusal of accounts.documents.operations.upload.
    """
    businesses.membership(actor, business).must(Role.DIRECTOR)
    return documents.upload(
        owner_ref=business.owner_ref,
        kind=queries.PAPER_OF[evidence],
        content=content,
        actor=actor,
        at=at,
    )


@stops.noting_stopped()
def apply(
    business: Business, *, wish: BusinessWish, reference: UUID, at: datetime, actor: Actor
) -> LoanApplication:
    """
    This will take in what a director asks for a business (BW25), once for each `reference`; the
    outbox has it answered.

    :raises NotYourRole: if the actor is no director.
    :raises OverTerms: if the product is not lent for such an amount or time.
    :raises PaperMissing: if no paper shows the turnover, and it is not only declared.
    :raises OverLimit: if it is more than the figures carry.
    :raises OneAtATime: if a loan of the business is not paid back yet.
    :raises AlreadyAsked: if an application of the business is open.
    :raises DetailsBeingChecked: if the business does not bank undisturbed.
    :raises LendingStopped: while a stop binds the product.
    :raises ReferenceReused: if the reference stands for another wish.
    """
    return _take_in(business, wish=wish, reference=reference, at=at, actor=actor)


@deed
def _take_in(business, *, wish: BusinessWish, reference: UUID, at: datetime, actor: Actor):
    member = businesses.membership(actor, business)
    member.must(Role.DIRECTOR)
    customer = member.customer
    same_form = LoanApplication.objects.filter(customer=customer, reference=reference)
    if not same_form.exists():
        stops.check(
            wish.term.product, what=StoppedAttempt.What.APPLICATION, customer=customer,
            amount=wish.amount, at=at, actor=actor,
        )  # fmt: skip
    held = applications.hold(business)
    is_new = not same_form.exists()
    if is_new:
        applications.end_old_offers(held, at=at)
        _check(held, wish)
    row = applications.take_in(
        customer, wish=_plain(held, wish), reference=reference, at=at, actor=actor
    )
    if is_new:
        _keep_told(row, wish)
    return row


def answer(application: LoanApplication, *, at: datetime) -> LoanApplication:
    """
    This will ask the rules of fraud, then the bureau about the director who asks and about the
    business itself, and decide a business's application that nobody has answered; answered before,
    it stays so. The bureau is never asked inside a transaction.
    """
    application.refresh_from_db()
    if not application.is_asked:
        return application
    looked_at = _look_for_fraud(application, at=at)
    if not looked_at.is_asked:
        return looked_at
    consent = bureau.Consent(application.consent_version, application.consent_hash)
    told = {"amount": application.money, "consent": consent, "at": at, "actor": SYSTEM}
    director = bureau.ask(application.customer, **told)
    company = bureau.ask(application.customer, business=application.business, **told)
    failpoint("loan.bureau_asked")
    return _decide(application, enquiry=director, company=company, at=at)


def answer_asked(*, application: int, at: datetime, **_) -> None:
    """This will answer what a business asked, at once; handler of the event "loan.asked"."""
    row = queries.rows().filter(pk=application).first()
    if row is not None:
        answer(row, at=at)


def _plain(business: Business, wish: BusinessWish) -> Wish:
    return Wish(
        term=wish.term,
        amount=wish.amount,
        tenor=wish.tenor,
        employment=Employment.SELF_EMPLOYED,
        consent=wish.consent,
        device=wish.device,
        business=business,
        typed=wish.typed,
    )


def _check(business: Business, wish: BusinessWish) -> None:
    term, amount = wish.term, wish.amount
    if not business.is_active:
        raise DetailsBeingChecked
    if not term.lends(amount):
        raise OverTerms(words=words.amounts(term))
    if not term.lasts(wish.tenor):
        raise OverTerms(words=words.lasts(term))
    if (wish.document is None) is not wish.told.is_declared_only:
        raise PaperMissing
    for loan in loans.active_of(business):
        raise OneAtATime(number=loan.number)
    today = calendar.business_date()
    limit = limits.limit_of(wish.told, term=term, tenor=wish.tenor, on=today)
    if amount > limit.amount:
        raise OverLimit(limit=limit.amount)


def _keep_told(row: LoanApplication, wish: BusinessWish) -> BusinessRequest:
    told = wish.told
    return BusinessRequest.objects.create(
        application=row,
        sector=told.sector,
        evidence=told.evidence,
        document=wish.document,
        turnover=told.turnover.amount,
        ebitda=told.ebitda.amount,
        debt_monthly=told.debt_monthly.amount,
        largest_customer_percent=told.largest_customer_percent,
        years_trading=told.years_trading,
        security=told.security,
        security_value=told.security_value.amount,
    )


@deed
def _look_for_fraud(application: LoanApplication, *, at: datetime) -> LoanApplication:
    row = applications.locked(application)
    if not row.is_asked:
        return row
    assessed = fraud.assess(row, at=at)
    if assessed.is_blocked:
        _keep(row, decided.turned_away(row.money), assessed=assessed, at=at)
    return row


@deed
def _decide(
    application: LoanApplication, *, enquiry: BureauEnquiry, company: BureauEnquiry, at: datetime
) -> LoanApplication:
    row = applications.locked(application)
    if not row.is_asked:
        return row  # Two at once: the first has answered.
    assessed = fraud.assess(row, at=at)
    _keep(row, None, assessed=assessed, enquiry=enquiry, company=company, at=at)
    return row


def _keep(
    row,
    found,
    *,
    assessed,
    at: datetime,
    enquiry: BureauEnquiry | None = None,
    company: BureauEnquiry | None = None,
) -> None:
    """What is found here (None) or was before, with all that it followed from."""
    day, card = calendar.business_date(), None
    standing = joint(enquiry.standing, company.standing) if enquiry and company else None
    known = facts.gather(row, standing=standing, on=day)
    if found is None:
        card = scoring.card_on(Scorecard.Card.BUSINESS, on=day)
        found = engine.answer(known, asked=row.money, term=row.term, card=card)
        found = decided.referred_by(known.record, found)
        if not assessed.is_clear:
            found = decided.looked_at(found)
    keeping.keep(
        row, found, limit=known.limit.amount, percent=quotes.percent_of(known.limit.told, row.term),
        inputs=engine.inputs(known, asked=row.money, on=day)
        | {"company_enquiry": company and str(company.public_id)},
        assessed=assessed, enquiry=enquiry, card=card, at=at, day=day,
    )  # fmt: skip
