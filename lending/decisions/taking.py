"""The offer that follows from a yes, and taking it: signed, paid out and told, once."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.access import authorising
from accounts.access.authorising import Intent, Secret
from accounts.customers.models import Customer
from accounts.deposits.models import DepositAccount
from accounts.limits import queries as limits
from accounts.products.models import EVERYDAY
from ledger.calendar import queries as calendar
from ledger.controls import doors
from lending.affordability import queries as affordability
from lending.applications import operations as applications
from lending.applications.models import LoanApplication
from lending.decisions import consents, queries
from lending.decisions.models import CreditDecision
from lending.decisions.quotes import quote_of
from lending.decisions.refusals import (
    CarriesLess,
    DetailsBeingChecked,
    NotOpen,
    OfferChanged,
    OfferEnded,
    OneAtATime,
)
from lending.loans import operations as loans
from lending.loans.models import Loan
from lending.loans.operations import Agreement
from lending.products import words
from lending.products.quotes import Quote
from lending.stops import operations as stops
from lending.stops.models import StoppedAttempt
from lending.watch import queries as watch
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed
from wekeza.kit.words import day as day_words
from wekeza.kit.words import moment, percent


@dataclass(frozen=True, slots=True)
class LoanOffer:
    """What stands before somebody who was told yes: the loan, its cost, and where it goes."""

    application: LoanApplication
    decision: CreditDecision
    quote: Quote
    account: DepositAccount

    @property
    def key_facts(self) -> list[str]:
        """The words that are agreed to, in the reader's language (kenya.md 4.4)."""
        quote, term = self.quote, self.quote.term
        return [
            *self._paid_out,
            _("It costs {cost}: APR {apr}, {effective} with interest on interest.").format(
                cost=quote.costs,
                apr=percent(quote.cost.apr),
                effective=percent(quote.cost.effective),
            ),
            *_repaid(quote),
            words.late(term),
            _("If something is wrong, call 0700 123 456. We answer complaints within 14 days."),
        ]

    @property
    def _paid_out(self) -> list[str]:
        quote, payee = self.quote, self.application.payee
        if payee is None:
            return [
                _("You get {amount} in your account ending {ending}.").format(
                    amount=quote.received, ending=self.account.ending
                )
            ]
        return [
            _("The seller {name} gets {amount} in the account ending {ending}.").format(
                name=payee.holder_name, amount=quote.principal, ending=payee.ending
            ),
            _("The fee of {fee} is taken from your account ending {ending}.").format(
                fee=quote.fee.gross, ending=self.account.ending
            ),
        ]

    @property
    def text_hash(self) -> str:
        return consents.hash_of(self.key_facts)

    @property
    def figures(self) -> str:
        """The fingerprint of what is shown and signed, whatever the language."""
        quote = self.quote
        return doors.digest_of(
            {
                "application": str(self.application.public_id),
                "account": self.account.number,
                "payee": self.application.payee and self.application.payee.number,
                "received": str(quote.received),
                "costs": str(quote.costs),
                "total": str(quote.total),
                "start": quote.start.isoformat(),
                "due": [row.due.isoformat() for row in quote.instalments],
                "term": quote.term.pk,
            }
        )


def _repaid(quote: Quote) -> list[str]:
    """When and how it is repaid: at once, or by instalments."""
    total, last = quote.total, day_words(quote.repaid_by)
    if quote.is_once:
        return [
            _("You repay {total} by {day}.").format(total=total, day=last),
            _("That day we take what is due from your account. You may pay earlier, any amount."),
        ]
    told = [
        _(
            "You repay {total} in {count} instalments of {instalment}: the first on {first}, the "
            "last on {day}."
        ).format(
            total=total, count=len(quote.instalments), instalment=quote.first.total,
            first=day_words(quote.first.due), day=last,
        ),
        _("On each of these days we take what is due from your account. You may pay earlier."),
    ]  # fmt: skip
    if quote.term.early_fee_percent:
        told.append(
            _("In the first {months} months, {rate} of what you pay ahead is a fee.").format(
                months=quote.term.early_fee_months, rate=percent(quote.term.early_fee_percent)
            )
        )
    return told


def offer_of(application: LoanApplication) -> LoanOffer:
    """This will give what an approved application comes to if it is taken on the open date."""
    decision = application.decisions.order_by("number").last()
    held = DepositAccount.objects.filter(
        customer=application.customer, product=EVERYDAY, closed_date=None
    )
    account = held.select_related("ledger_account", "product").order_by("pk").first()
    quote = quote_of(
        application, principal=decision.money, percent=decision.percent,
        on=calendar.business_date(),
    )  # fmt: skip
    return LoanOffer(application, decision, quote, account)


def intent_of(offer: LoanOffer, *, at: datetime) -> Intent:
    """This will give what the customer signs: a PIN up to the tier's threshold, a code above."""
    customer = offer.application.customer
    threshold = limits.limit_of(
        customer.tier_id, limits.Kind.PIN_UP_TO, on=calendar.nairobi_date(at)
    )
    return Intent(
        user=customer.user,
        name=f"lending.take:{offer.application.public_id}",
        digest=offer.figures,
        is_small=threshold is not None and offer.quote.principal <= threshold,
        purpose="LOAN",
        text_facts={
            "amount": str(offer.quote.principal),
            "total": str(offer.quote.total),
            "day": offer.quote.repaid_by,
        },
    )


def check_stands(application: LoanApplication, *, at: datetime) -> None:
    """
    This will let pass an offer that can still be taken.

    :raises NotOpen: if it was not approved, or was taken or withdrawn.
    :raises OfferEnded: if its days are over.
    """
    if not application.is_approved:
        raise NotOpen
    if at >= application.offer_until:
        raise OfferEnded(until=moment(application.offer_until))


def take(
    application: LoanApplication, *, figures: str, secret: Secret, at: datetime, actor: Actor
) -> Loan:
    """
    This will pay an approved loan out to its customer, who signs the figures that they saw; taken
    before, it gives the loan (BW07, BW11).

    :raises OfferChanged: if a figure or date is another now.
    :raises OfferEnded: or NotOpen, if the offer stands no more.
    :raises WrongPin: and the other refusals of `authorising.check`.
    :raises LendingStopped: while a stop binds the product.
    :raises DetailsBeingChecked: if the customer is held or suspended, or something is kept of them
        that declines (lending/watch).
    :raises OneAtATime: if a loan is paid back first (RF03), taken since the answer or late since.
    :raises CarriesLess: if a loan taken since the answer takes too much of the income.
    :raises NoRoomForIt: and the other refusals of `loans.pay_out`.
    """
    application.refresh_from_db()
    if application.is_taken:
        return application.loan
    check_stands(application, at=at)
    offer = offer_of(application)
    if offer.figures != figures:
        raise OfferChanged
    way = authorising.check(intent_of(offer, at=at), secret=secret, at=at, actor=actor)
    agreement = Agreement(offer.text_hash, way, at)
    return _pay_out(application, figures=figures, agreement=agreement, at=at, actor=actor)


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
    customer = Customer.objects.select_for_update(of=("self",), no_key=True)
    held = customer.get(pk=application.customer_id)
    row = applications.locked(application)
    if row.is_taken:
        return row.loan
    if not held.is_active or watch.record_of(row, on=calendar.business_date()).declining:
        raise DetailsBeingChecked
    check_stands(row, at=at)
    offer = offer_of(row)
    if offer.figures != figures:  # The business date moved on meanwhile.
        raise OfferChanged
    _check_beside(row, offer.decision, on=offer.quote.start)
    return loans.pay_out(
        row, quote=offer.quote, account=offer.account, agreement=agreement, at=at, actor=actor
    )


def _check_beside(row: LoanApplication, decision: CreditDecision, *, on: date) -> None:
    """
    Each of two answers may have come before the other's loan was there. So what stands in the way
    is asked once more, and where more falls due than the answer counted, what the income carries.
    The caller holds the customer's row.
    """
    for loan in queries.in_the_way(row.customer, product=row.product_id, on=on):
        raise OneAtATime(number=loan.number)
    counted = decision.inputs.get("affordability")
    dues = affordability.dues_of(row.customer, on=on)
    if counted is None or dues.amount <= Decimal(counted["dues"]):
        return
    carried = affordability.capacity_of(row, on=on).carried(decision.score)
    if carried.most < decision.money:
        raise CarriesLess(dues=dues, most=carried.most, amount=decision.money)
