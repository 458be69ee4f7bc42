"""
The offer to a business and taking it. Who must sign is its mandate's, by the amount; with the last
signature the principal goes to its account. What is signed are the terms: dates and interest count
from the day of the last signature, so that two people need not sign on one day.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.access import authorising
from accounts.access.authorising import Intent, Secret
from accounts.businesses import mandates
from accounts.businesses import queries as businesses
from accounts.businesses.mandates import Standing
from accounts.businesses.queries import Membership
from accounts.deposits.models import DepositAccount
from accounts.limits import queries as limits
from accounts.notifications import operations as notifications
from ledger.calendar import queries as calendar
from ledger.controls import doors
from lending.applications import operations as applications
from lending.applications.models import LoanApplication
from lending.applications.states import ApplicationState
from lending.business import queries, quotes
from lending.decisions import consents, taking
from lending.decisions.models import CreditDecision
from lending.decisions.refusals import DetailsBeingChecked, OfferChanged
from lending.loans import operations as loans
from lending.loans.models import Loan
from lending.loans.operations import Agreement
from lending.products import words
from lending.products.models import LoanTerm
from lending.products.quotes import Quote
from lending.stops import operations as stops
from lending.stops.models import StoppedAttempt
from lending.watch import queries as watch
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed
from wekeza.kit.words import day as day_words
from wekeza.kit.words import percent


@dataclass(frozen=True, slots=True)
class BusinessOffer:
    """What stands before the people of a business that was told yes."""

    application: LoanApplication
    decision: CreditDecision
    quote: Quote
    account: DepositAccount

    @property
    def key_facts(self) -> list[str]:
        """The words that are agreed to, in the reader's language (kenya.md 4.4)."""
        quote = self.quote
        return [
            _("The business gets {amount} in its account ending {ending}.").format(
                amount=quote.received, ending=self.account.ending
            ),
            _("It costs {cost}: APR {apr}, {effective} with interest on interest.").format(
                cost=quote.costs,
                apr=percent(quote.cost.apr),
                effective=percent(quote.cost.effective),
            ),
            _("It repays {total} in {n} instalments of up to {each}, the last on {day}.").format(
                total=quote.total,
                n=len(quote.instalments),
                each=max(row.total for row in quote.instalments),
                day=day_words(quote.repaid_by),
            ),
            _("If the last signature comes on a later day, dates and interest move with it."),
            words.late(quote.term),
            _("On each due date we take it from that account. You may pay earlier, any amount."),
            *_early(quote.term),
            _("If something is wrong, call 0700 123 456. We answer complaints within 14 days."),
        ]

    @property
    def text_hash(self) -> str:
        return consents.hash_of(self.key_facts)

    @property
    def terms(self) -> str:
        """The fingerprint of what is signed: everything but dates and what follows from them."""
        quote = self.quote
        return doors.digest_of(
            {
                "application": str(self.application.public_id),
                "decision": self.decision.number,
                "account": self.account.number,
                "principal": str(quote.principal),
                "percent": str(quote.percent),
                "tenor": quote.tenor,
                "fee": str(quote.fee.gross),
                "term": quote.term.pk,
            }
        )

    @property
    def figures(self) -> str:
        """The fingerprint of what is shown, the dates with it."""
        quote = self.quote
        due = [row.due.isoformat() for row in quote.instalments]
        return doors.digest_of({"terms": self.terms, "total": str(quote.total), "due": due})


@dataclass(frozen=True, slots=True)
class Taken:
    """What a signature led to: the loan, with the last of them; and how they stand."""

    loan: Loan | None
    standing: Standing


def offer_of(application: LoanApplication) -> BusinessOffer:
    """This will give what an approved application comes to if it is taken on the open date."""
    decision = application.decisions.order_by("number").last()
    held = DepositAccount.objects.filter(business=application.business, closed_date=None)
    account = held.select_related("ledger_account", "product", "business").order_by("pk").first()
    quote = quotes.quote_of(application, principal=decision.money, on=calendar.business_date())
    return BusinessOffer(application, decision, quote, account)


def standing_of(offer: BusinessOffer) -> Standing:
    """
    This will tell who signed an offer exactly as its terms stand, and who still must.

    :raises OverMandate: if no line of the mandate covers the amount.
    """
    application = offer.application
    return mandates.standing_of(
        application.business,
        intent=_name_of(application),
        intent_digest=offer.terms,
        money=offer.quote.principal,
        maker=application.customer_id,
    )


def waiting_for(member: Membership, *, at: datetime) -> list[BusinessOffer]:
    """This will give the offers to a business that this member can sign now."""
    found = queries.of(member.business).filter(state=ApplicationState.APPROVED, offer_until__gt=at)
    offers = [offer_of(row) for row in found]
    return [one for one in offers if _may_sign(one, member)]


def intent_of(offer: BusinessOffer, member: Membership, *, at: datetime) -> Intent:
    """This will give what one person signs: a PIN up to the tier's threshold, a code above."""
    user, quote = member.customer.user, offer.quote
    threshold = limits.limit_of(
        member.business.tier_id, limits.Kind.PIN_UP_TO, on=calendar.nairobi_date(at)
    )
    return Intent(
        user=user,
        name=f"{_name_of(offer.application)}:{user.pk}",
        digest=offer.terms,
        is_small=threshold is not None and quote.principal <= threshold,
        purpose="LOAN",
        text_facts={
            "amount": str(quote.principal), "total": str(quote.total), "day": quote.repaid_by,
        },
    )  # fmt: skip


def sign(
    application: LoanApplication, *, figures: str, secret: Secret, at: datetime, actor: Actor
) -> Taken:
    """
    This will sign an offer with the PIN, code or passkey of one signatory, who saw these figures,
    and pay the loan out with the last signature; taken before, it gives the loan. Who signed
    already only has it paid out, if that is due.

    :raises NotYourRole: MadeByYou or SignedAlready, if they may not sign it.
    :raises OverMandate: or TooFewSignatories, if the mandate can never sign it.
    :raises OfferChanged: if a figure or date is another now.
    :raises OfferEnded: or NotOpen, if the offer stands no more.
    :raises WrongPin: and the other refusals of `authorising.check`.
    :raises LendingStopped: while a stop binds the product.
    :raises DetailsBeingChecked: if the business is held or suspended, or something is kept of it or
        of the director who asked that declines (lending/watch).
    :raises OneAtATime: and the other refusals of `loans.pay_out`.
    """
    application.refresh_from_db()
    member = businesses.membership(actor, application.business)
    if application.is_taken:
        return Taken(application.loan, standing_of(offer_of(application)))
    taking.check_stands(application, at=at)
    offer = offer_of(application)
    if offer.figures != figures:
        raise OfferChanged
    standing = standing_of(offer)
    mandates.check_able(standing)
    mandates.check_may_sign(
        application.business, standing, signer=member.customer, maker=application.customer_id
    )
    way = signed_by(offer, member)
    if not way:
        way = authorising.check(intent_of(offer, member, at=at), secret=secret, at=at, actor=actor)
        _keep(application, member=member, terms=offer.terms, way=way, at=at, actor=actor)
        standing = standing_of(offer)
    if not standing.is_enough:
        return Taken(None, standing)
    agreement = Agreement(offer.text_hash, way, at)
    loan = _pay_out(application, figures=figures, agreement=agreement, at=at, actor=actor)
    return Taken(loan, standing)


def signed_by(offer: BusinessOffer, member: Membership) -> str:
    """This will tell by which way somebody signed the terms as they stand; nothing if not."""
    return mandates.way_of(
        _name_of(offer.application), intent_digest=offer.terms, signer=member.customer
    )


@deed
def _keep(application, *, member: Membership, terms: str, way, at, actor) -> None:
    row = applications.locked(application)  # It is signed as it stands, or it is not signed.
    taking.check_stands(row, at=at)
    offer = offer_of(row)
    if offer.terms != terms:
        raise OfferChanged
    mandates.sign(
        row.business,
        intent=_name_of(row),
        intent_digest=terms,
        money=offer.quote.principal,
        signer=member.customer,
        way=way,
        at=at,
        actor=actor,
    )
    _ask_others(offer, signer=member.customer.full_name)


def _ask_others(offer: BusinessOffer, *, signer: str) -> None:
    """Whoever can still sign hears that somebody did, where one signature is not enough."""
    standing = standing_of(offer)
    facts = {
        "name": signer, "amount": str(offer.quote.principal),
        "business": offer.application.business.name,
    }  # fmt: skip
    for person in standing.may_sign if standing.missing else ():
        notifications.queue(
            user=person.user, channel="SMS", kind="business_loan_waits", context=facts
        )


@stops.noting_stopped()
@deed
def _pay_out(
    application: LoanApplication, *, figures: str, agreement: Agreement, at: datetime, actor: Actor
) -> Loan:
    decision = application.decisions.order_by("number").last()
    stops.check(
        application.product, what=StoppedAttempt.What.DISBURSEMENT, customer=application.customer,
        amount=decision.money, at=at, actor=actor,
    )  # fmt: skip
    business = applications.hold(application.business)
    row = applications.locked(application)
    if row.is_taken:
        return row.loan
    if not business.is_active or watch.record_of(row, on=calendar.business_date()).declining:
        raise DetailsBeingChecked
    taking.check_stands(row, at=at)
    offer = offer_of(row)
    # The business date, or the mandate, moved on meanwhile.
    if offer.figures != figures or not standing_of(offer).is_enough:
        raise OfferChanged
    return loans.pay_out(
        row, quote=offer.quote, account=offer.account, agreement=agreement, at=at, actor=actor
    )


def _may_sign(offer: BusinessOffer, member: Membership) -> bool:
    try:
        return any(one.pk == member.customer.pk for one in standing_of(offer).may_sign)
    except mandates.OverMandate:
        return False


def _early(term: LoanTerm) -> list[str]:
    if not term.early_fee_percent:
        return []
    said = _("In the first {n} months, what you pay before its month costs a fee of {rate} of it.")
    return [said.format(n=term.early_fee_months, rate=percent(term.early_fee_percent))]


def _name_of(application: LoanApplication) -> str:
    return f"lending.take:{application.public_id}"
