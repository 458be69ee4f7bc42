"""Becoming a customer, and what one may see and change, for programs (003:276-281, 529)."""

from django.utils import timezone
from django.utils.translation import get_language
from rest_framework import serializers

from accounts.access.refusals import BadPin, WeakPin
from accounts.customers import consents, contacts, queries
from accounts.customers import operations as customers
from accounts.customers.models import Consent
from accounts.customers.refusals import (
    AlreadyCustomer,
    BadName,
    BadNationalId,
    BeingChecked,
    ConsentMissing,
    ConsentOutdated,
    ForeignLetters,
    IdTaken,
    NoSuchCustomer,
    NotBornYet,
    OneName,
    StaffLogin,
    TooManyContacts,
    TooManyIds,
    TooYoung,
)
from wekeza.kit.api import PERSONS, Door, Fields, Flag, Secret, Text, operation

TAG = "Customers"


class NewCustomer(Fields):
    """As on the national ID, and the PIN that will authorise payments."""

    full_name = Text(max_length=120)
    national_id = Text(max_length=20, help_text="6 to 9 digits.")
    date_of_birth = serializers.DateField()
    pin = Secret(max_length=4, help_text="Four digits; not a year, not 1234.")
    agreed = serializers.ListField(
        child=serializers.ChoiceField(Consent.Kind.choices),
        max_length=3,
        help_text="TERMS and DATA are needed; the texts are at /api/v1/customer/texts.",
    )
    text_hashes = serializers.ListField(
        child=Text(max_length=64),
        max_length=3,
        help_text="The text_hash of each text as it was shown; it says what was agreed to.",
    )


class Customer(Fields):
    """The customer, by self-declaration until the bank has checked."""

    id = serializers.UUIDField(source="public_id")
    full_name = serializers.CharField()
    date_of_birth = serializers.DateField()
    tier = serializers.CharField(source="tier_id")
    status = serializers.CharField(source="outward_status", help_text="ACTIVE, CHECKING or CLOSED.")
    kyc_status = serializers.CharField()
    address = serializers.SerializerMethodField(help_text="The main one, in one line.")
    occupation = serializers.CharField()
    accounts = serializers.SerializerMethodField()

    def get_address(self, customer) -> str:
        return queries.main_address_of(customer)

    def get_accounts(self, customer) -> list[str]:
        return queries.account_numbers(customer)


class Profile(Fields):
    """What a customer changes without us; what is left out stays."""

    address = Text(max_length=200, required=False, help_text="The main one, in one line.")
    occupation = Text(max_length=80, required=False, allow_blank=True)
    news = Flag(required=False, help_text="News and offers, by text and e-mail.")
    text_hash = Text(
        max_length=64, required=False, help_text="Of the text of MARKETING, to agree to news."
    )


class ConsentText(Fields):
    """The words of one consent."""

    kind = serializers.CharField()
    version = serializers.CharField()
    text_hash = serializers.CharField(help_text="SHA-256; the bank keeps it with the consent.")
    text = serializers.ListField(child=serializers.CharField())


class ConsentTexts(Fields):
    """What a customer agrees to, in the language of the request."""

    texts = ConsentText(many=True)


class Add(Door):
    """POST /api/v1/customer/add and /api/v1/customer/customer/add (X6)."""

    tag = TAG

    @operation(
        takes=NewCustomer,
        gives={201: Customer},
        refuses=[
            AlreadyCustomer,
            BadName,
            ForeignLetters,
            OneName,
            BadNationalId,
            TooYoung,
            NotBornYet,
            BadPin,
            WeakPin,
            ConsentMissing,
            ConsentOutdated,
            IdTaken,
            TooManyIds,
            StaffLogin,
        ],
        kinds=("LOGIN",),
        quota="sign_in",
        summary="Open an account",
        about="For a login that confirmed phone and e-mail: a tier 1 customer with an account.",
        example={
            "full_name": "Amina Wambui Njeri",
            "national_id": "31845207",
            "date_of_birth": "1994-03-27",
            "pin": "2580",
            "agreed": ["TERMS", "DATA"],
            "text_hashes": ["5b2f… of TERMS", "9c41… of DATA"],
        },
    )
    def post(self, request):
        facts = dict(request.facts)
        return customers.become(
            request.user,
            **facts,
            language=get_language(),
            at=timezone.now(),
            actor=request.auth.actor,
        )


class Mine(Door):
    """GET and PATCH /api/v1/customer/me."""

    tag = TAG

    @operation(
        gives={200: Customer},
        refuses=[NoSuchCustomer],
        summary="See your profile",
    )
    def get(self, request):
        return queries.one_by(request.auth.actor)

    @operation(
        takes=Profile,
        gives={200: Customer},
        refuses=[NoSuchCustomer, TooManyContacts, BeingChecked, ConsentOutdated],
        summary="Change the profile",
    )
    def patch(self, request):
        return contacts.tell_profile(
            queries.one_by(request.auth.actor),
            **request.facts,
            language=get_language(),
            at=timezone.now(),
            actor=request.auth.actor,
        )


class One(Door):
    """GET /api/v1/customer/<id>."""

    tag = TAG

    @operation(
        gives={200: Customer},
        refuses=[NoSuchCustomer],
        summary="See a customer by id",
    )
    def get(self, request, public_id):
        return queries.one_by(request.auth.actor, public_id=public_id)


class Texts(Door):
    """GET /api/v1/customer/texts."""

    is_open = True
    tag = TAG

    @operation(gives={200: ConsentTexts}, kinds=PERSONS, summary="Read what customers agree to")
    def get(self, request):
        language = get_language()
        return {
            "texts": [
                {
                    "kind": kind,
                    "version": consents.VERSION,
                    "text_hash": consents.hash_of(kind, language=language),
                    "text": consents.text_of(kind, language=language),
                }
                for kind in consents.TEXTS
            ]
        }
