"""Borrowing for programs: the limit, asking, the answer with its reasons, and taking the offer."""

from django.utils import timezone
from django.utils.translation import get_language
from rest_framework import serializers

from accounts.access import authorising, devices
from accounts.access.authorising import FactorTooNew
from accounts.access.refusals import (
    CodeExpired,
    CodeForOtherIntent,
    CodeLocked,
    CodeReplaced,
    CodeTooSoon,
    CodeUsed,
    NoAuthenticator,
    NoPin,
    PinTooNew,
    WrongCode,
    WrongPin,
)
from accounts.customers import queries as customers
from accounts.deposits import queries as deposits
from accounts.deposits.queries import PayeeClosed, PayeeNotFound, PayeeNotUnderstood
from ledger.calendar import queries as calendar
from ledger.controls.api import once
from ledger.money_json import MoneyIn, MoneyOut
from lending.applications import operations as applications
from lending.applications import queries as application_queries
from lending.applications.models import Employment
from lending.applications.operations import Wish
from lending.applications.refusals import AlreadyAsked, NoSuchApplication, NotOpen
from lending.credit import queries as credit
from lending.decisions import consents, operations, queries, taking, words
from lending.decisions.refusals import (
    AccountTakesNothing,
    CarriesLess,
    ConsentNotShown,
    DetailsBeingChecked,
    IncomeMissing,
    NoRoomForIt,
    NotAtLevel,
    NotOffered,
    OfferChanged,
    OfferEnded,
    OneAtATime,
    OverLimit,
    OverTerms,
    PaperMissing,
)
from lending.loans.api import Loan
from lending.loans.operations import FeeNotThere, SellerTakesNothing
from lending.products import queries as products
from lending.products.models import ONLINE
from lending.purchases.models import Thing
from lending.purchases.operations import (
    NotBought,
    OverPrice,
    OverValue,
    OwnSeller,
    Purchase,
    PurchaseMissing,
    TooOldAtEnd,
)
from lending.stops.operations import LendingStopped
from wekeza.kit.api import Door, Fields, Secret, Text, operation
from wekeza.kit.dated import NoSuchTerm

TAG = "Loans"
NOT_TAKEN = [
    NoSuchApplication, NotOpen, OfferChanged, OfferEnded, OneAtATime, CarriesLess,
    NoRoomForIt, DetailsBeingChecked, AccountTakesNothing, SellerTakesNothing, FeeNotThere,
    LendingStopped,
    FactorTooNew, WrongPin, NoPin, PinTooNew, WrongCode, CodeExpired, CodeReplaced,
    CodeForOtherIntent, CodeUsed, CodeLocked, NoAuthenticator,
]  # fmt: skip


class BureauConsent(Fields):
    """The words by which a customer lets the bank ask a credit bureau; show them."""

    version = serializers.CharField()
    text = serializers.CharField()
    hash = serializers.CharField(help_text="Send it with the application.")


class Limit(Fields):
    """How much may be borrowed, and how the figure is made."""

    amount = MoneyOut()
    average_deposit = MoneyOut(source="deposits.average")
    deposits = serializers.IntegerField(source="deposits.count")
    percent = serializers.IntegerField(help_text="Of the average deposit.")
    cap = MoneyOut(help_text="The most at the customer’s level.")
    consent = BureauConsent()


class Bought(Fields):
    """What the loan buys, where it buys something: the bank pays the seller."""

    thing = serializers.ChoiceField(choices=Thing.values)
    description = Text(max_length=140, help_text="Make, model and year; place and plot number.")
    price = MoneyIn()
    valuation = MoneyIn(required=False, help_text="Of a home: the valuer’s figure.")
    seller = Text(max_length=20, help_text="The seller’s account number at this bank.")


class NewApplication(Fields):
    """Which loan, how much, how the customer earns, and that they saw the words of the consent."""

    product = Text(max_length=8, default=ONLINE, help_text="DIGI30 if nothing is said.")
    money = MoneyIn()
    months = serializers.IntegerField(
        min_value=1, required=False, help_text="Of a loan by instalments; the fewest if not said."
    )
    employment = serializers.ChoiceField(choices=Employment.values)
    income = MoneyIn(required=False, help_text="Taken home in a month, where the loan asks for it.")
    gross_income = MoneyIn(required=False, help_text="Before tax, where the loan asks for it.")
    purchase = Bought(required=False)
    consent = Text(max_length=64, help_text="The hash that `loan/limit` gives with its words.")


class LoanReason(Fields):
    """Why, with what would change it."""

    text = serializers.CharField()
    remedy = serializers.CharField()


class Offer(Fields):
    """What an approved loan costs if it is taken today."""

    received = MoneyOut(source="quote.received", help_text="What the customer gets.")
    costs = MoneyOut(source="quote.costs", help_text="Interest and fee.")
    total = MoneyOut(source="quote.total", help_text="What is repaid.")
    apr = serializers.DecimalField(7, 2, source="quote.cost.apr", help_text="Percent a year.")
    due_date = serializers.DateField(source="quote.repaid_by")
    key_facts = serializers.ListField(child=serializers.CharField(), help_text="Show them all.")
    figures = serializers.CharField(help_text="Send it when the customer takes the loan.")


class Application(Fields):
    """An application, its answer, and the offer that follows from a yes."""

    id = serializers.UUIDField(source="application.public_id")
    state = serializers.CharField(
        source="application.state",
        help_text="ASKED, APPROVED, REFUSED, REFERRED, TAKEN, WITHDRAWN or EXPIRED.",
    )
    product = serializers.CharField(source="application.product_id")
    money = MoneyOut(source="application.money")
    asked_at = serializers.DateTimeField(source="application.asked_at")
    score = serializers.IntegerField(allow_null=True)
    reasons = LoanReason(many=True)
    offer_until = serializers.DateTimeField(source="application.offer_until", allow_null=True)
    offer = Offer(allow_null=True)


class Taking(Fields):
    """The figures that the customer saw, and their PIN or code."""

    figures = Text(max_length=64)
    secret = Secret(max_length=12, help_text="The PIN, the texted code, or the app's code.")


class SeeLimit(Door):
    """GET /api/v1/loan/limit."""

    tag = TAG

    @operation(gives={200: Limit}, summary="See how much may be borrowed")
    def get(self, request):
        customer = customers.one_by(request.auth.actor)
        limit = credit.limit_of(customer, on=calendar.business_date())
        version, text_hash = consents.given(language=get_language())
        text = consents.bureau_text(language=get_language())
        consent = {"version": version, "text": text, "hash": text_hash}
        return {
            "amount": limit.amount, "deposits": limit.deposits, "percent": limit.percent,
            "cap": limit.cap, "consent": consent,
        }  # fmt: skip


class Apply(Door):
    """POST /loans/apply (000:180) and /api/v1/loan/application/add (003:532)."""

    tag = TAG

    @operation(
        takes=NewApplication,
        gives={202: Application},
        refuses=[
            OverLimit,
            OverTerms,
            NotOffered,
            NotAtLevel,
            IncomeMissing,
            PaperMissing,
            PurchaseMissing,
            NotBought,
            OverPrice,
            OverValue,
            OwnSeller,
            TooOldAtEnd,
            PayeeNotFound,
            PayeeClosed,
            PayeeNotUnderstood,
            OneAtATime,
            AlreadyAsked,
            ConsentNotShown,
            LendingStopped,
        ],
        quota="money",
        once=once,
        summary="Ask for a loan",
        about=(
            "The answer follows within seconds: look at the application. Nothing is lent before "
            "the customer takes the offer. Papers that the loan asks for are sent before."
        ),
        example={
            "money": {"amount": "5000.00", "currency": "KES"},
            "employment": "SELF_EMPLOYED",
            "consent": "5d41402abc4b2a76b9719d911017c592ae1c0a5a3a4a3c1f0d2b6a7f8e9d0c1b",
        },
    )
    def post(self, request):
        facts, actor = request.facts, request.auth.actor
        term, purchase = _term_of(facts["product"]), _bought(facts.get("purchase"))
        wish = Wish(
            term=term,
            amount=facts["money"],
            tenor=facts.get("months") or term.least_tenor,
            employment=facts["employment"],
            income=facts.get("income"),
            gross=facts.get("gross_income"),
            payee=purchase and purchase.seller,
            consent=consents.shown(facts["consent"]),
            device=devices.index_of(request),
        )
        asked = operations.apply(
            customers.one_by(actor), wish=wish, purchase=purchase, reference=request.reference,
            at=timezone.now(), actor=actor,
        )  # fmt: skip
        return _seen(asked)


class One(Door):
    """GET /api/v1/loan/application/<id>/."""

    tag = TAG

    @operation(
        gives={200: Application}, refuses=[NoSuchApplication], summary="See what was answered"
    )
    def get(self, request, public_id):
        return _seen(application_queries.one_of(request.auth.actor, public_id=public_id))


class Take(Door):
    """POST /api/v1/loan/application/<id>/take."""

    tag = TAG

    @operation(
        takes=Taking,
        gives={201: Loan},
        refuses=NOT_TAKEN,
        quota="money",
        summary="Take an approved loan",
        about=(
            "The money is in the customer’s account when this answers, once: asked again it gives "
            "the same loan. The application’s own id is its key."
        ),
        example={"figures": "9f86d081884c7d65", "secret": "2580"},
    )  # fmt: skip
    def post(self, request, public_id):
        return _taken(request, public_id)


class Disbursing(Taking):
    """The same, with the application in the body."""

    application = serializers.UUIDField()


class Disburse(Door):
    """POST /api/v1/loan/loan/disburse (003:295): the same as taking an application’s loan."""

    tag = TAG

    @operation(
        takes=Disbursing,
        gives={201: Loan},
        refuses=NOT_TAKEN,
        quota="money",
        summary="Pay an approved loan out to the customer’s account",
        about="Only its customer signs it; otherwise as `…/take`.",
        example={
            "application": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11",
            "figures": "9f86d081884c7d65",
            "secret": "2580",
        },
    )
    def post(self, request):
        return _taken(request, request.facts["application"])


class Code(Door):
    """POST /api/v1/loan/application/<id>/code."""

    tag = TAG

    @operation(
        gives={204: None},
        refuses=[NoSuchApplication, NotOpen, OfferEnded, FactorTooNew, CodeTooSoon, CodeLocked],
        summary="Text a code for taking a loan",
    )
    def post(self, request, public_id):
        at = timezone.now()
        application = application_queries.one_of(request.auth.actor, public_id=public_id)
        taking.check_stands(application, at=at)
        intent = taking.intent_of(taking.offer_of(application), at=at)
        authorising.way_open(intent, at=at)
        authorising.text_code(intent, at=at)


class Withdraw(Door):
    """POST /api/v1/loan/application/<id>/withdraw."""

    tag = TAG

    @operation(
        gives={200: Application},
        refuses=[NoSuchApplication, NotOpen],
        summary="Give an application up",
    )
    def post(self, request, public_id):
        actor = request.auth.actor
        application = application_queries.one_of(actor, public_id=public_id)
        return _seen(applications.withdraw(application, at=timezone.now(), actor=actor))


def _term_of(product: str):
    try:
        return products.offer(product, on=calendar.business_date()).term
    except NoSuchTerm as missing:
        raise NotOffered from missing


def _bought(facts: dict | None) -> Purchase | None:
    if facts is None:
        return None
    seller = deposits.find_payee(facts["seller"]).account
    return Purchase(**dict(facts) | {"seller": seller})


def _taken(request, public_id):
    actor = request.auth.actor
    application = application_queries.one_of(actor, public_id=public_id)
    return taking.take(
        application, figures=request.facts["figures"], secret=request.facts["secret"],
        at=timezone.now(), actor=actor,
    )  # fmt: skip


def _seen(application) -> dict:
    decision, at = queries.last_of(application), timezone.now()
    stands = application.is_approved and at < application.offer_until
    return {
        "application": application,
        "score": decision and decision.score,
        "reasons": words.reasons_of(decision) if decision else [],
        "offer": taking.offer_of(application) if stands else None,
    }
