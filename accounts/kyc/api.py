"""The way up the tiers, for programs: /api/v1/customer/kyc/… (003:283-284) and what is needed."""

from django.utils import timezone
from rest_framework import serializers

from accounts.customers import queries as customers
from accounts.kyc import operations as kyc
from accounts.kyc import queries
from accounts.kyc.models import DeclaredFacts, Review
from accounts.kyc.refusals import (
    AlreadyInReview,
    BadAddress,
    BadKraPin,
    CustomerNotActive,
    IdentityDoubtful,
    NoSuchSubmission,
    NotComplete,
    NothingAsked,
    NotInReview,
    NotVerified,
    OwnSubmission,
    RiskTooLow,
    TierNotOffered,
)
from accounts.staff.api import STAFF, Asked, StaffDoor
from accounts.staff.refusals import NotForYou
from ledger.approvals.refusals import AlreadyWaiting, MayNotAsk, ReasonMissing
from ledger.money_json import MoneyIn
from wekeza.kit.api import Door, Fields, Text, operation

TAG = "Identity checks"


class WantedTier(Fields):
    """The tier that you want."""

    tier = Text(max_length=10, help_text="A code of /api/v1/document/requirements: TIER_2.")


class TierFacts(Fields):
    """What you declare; tier 3 asks for income and its source too."""

    kra_pin = Text(max_length=20, help_text="A letter A or P, 9 digits and a letter.")
    address = Text(max_length=200)
    occupation = Text(max_length=80)
    monthly_income = MoneyIn(required=False)
    source_of_funds = serializers.ChoiceField(DeclaredFacts.Source.choices, required=False)


class Verdict(Fields):
    """What an officer found."""

    request_id = serializers.UUIDField()
    risk = serializers.ChoiceField(Review.Risk.choices)
    reason = Text(max_length=500)


class TierNeed(Fields):
    """One thing that a tier asks for, and how far you are with it."""

    code = serializers.CharField(help_text="Of a document: its kind for /document/file/add.")
    label = serializers.CharField()
    is_document = serializers.BooleanField()
    state = serializers.CharField(help_text="MET, WAITING, DECLINED, EXPIRED or MISSING.")
    why = serializers.CharField(help_text="Why it was declined; else empty.")
    tip = serializers.CharField(help_text="How the next one passes.")


class Tier(Fields):
    """A tier, whether it is yours, and what it asks for beside those below it."""

    tier = serializers.CharField(source="tier.code")
    label = serializers.CharField(source="tier.label")
    is_current = serializers.BooleanField()
    is_reached = serializers.BooleanField()
    is_offered = serializers.BooleanField()
    needs = TierNeed(many=True)


class Requirements(Fields):
    """Every tier, the lowest first."""

    tiers = Tier(source="rungs", many=True)


class TierRequest(Fields):
    """Your request for a tier."""

    id = serializers.UUIDField(source="public_id")
    tier = serializers.CharField(source="tier_id")
    state = serializers.CharField(help_text="OPEN, SENT, RAISED or CANCELLED.")
    begun_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    answer_due_at = serializers.DateTimeField(allow_null=True, help_text="We answer by then.")


class TierStatus(Fields):
    """Where you stand."""

    tier = serializers.SerializerMethodField()
    request = TierRequest(source="submission", allow_null=True)
    missing = TierNeed(many=True)
    review_due = serializers.SerializerMethodField(help_text="Renew your papers by then.")

    def get_tier(self, standing) -> str:
        return next(rung.tier.code for rung in standing.rungs if rung.is_current)

    def get_review_due(self, standing) -> str | None:
        return standing.review.due_date.isoformat() if standing.review else None


class Initiate(Door):
    """POST /api/v1/customer/kyc/initiate."""

    tag = TAG

    @operation(
        takes=WantedTier,
        gives={201: TierRequest},
        refuses=[CustomerNotActive, TierNotOffered, AlreadyInReview],
        summary="Ask for a higher tier",
        about="Then tell the facts, send the documents, and submit. Asked again it is the same.",
        example={"tier": "TIER_2"},
    )
    def post(self, request):
        return _deed(request, kyc.initiate)


class Tell(Door):
    """POST /api/v1/customer/kyc/facts."""

    tag = TAG

    @operation(
        takes=TierFacts,
        gives={200: TierStatus},
        refuses=[CustomerNotActive, AlreadyInReview, BadAddress, BadKraPin],
        summary="Tell what a tier asks for",
        example={
            "kra_pin": "A123456789Z",
            "address": "Moi Avenue 3, Kilifi",
            "occupation": "Teacher",
            "monthly_income": {"amount": "45000.00", "currency": "KES"},
            "source_of_funds": "SALARY",
        },
    )
    def post(self, request):
        _deed(request, kyc.tell_facts)
        return _standing(request)


class Submit(Door):
    """POST /api/v1/customer/kyc/submit."""

    tag = TAG

    @operation(
        gives={202: TierRequest},
        refuses=[CustomerNotActive, NothingAsked, NotComplete],
        summary="Send your request to be checked",
        about="An officer looks at it, and a second person raises the tier.",
    )
    def post(self, request):
        return _deed(request, kyc.send_for_review)


class Cancel(Door):
    """POST /api/v1/customer/kyc/cancel."""

    tag = TAG

    @operation(
        gives={204: None},
        refuses=[NothingAsked, AlreadyInReview],
        summary="Let go of a request",
        about="While it was not sent. Your documents stay.",
    )
    def post(self, request):
        _deed(request, kyc.cancel)


class SeeStatus(Door):
    """GET /api/v1/customer/kyc/status."""

    tag = TAG

    @operation(gives={200: TierStatus}, summary="See how your request stands")
    def get(self, request):
        return _standing(request)


class Needed(Door):
    """GET /api/v1/document/requirements."""

    tag = TAG

    @operation(gives={200: Requirements}, summary="See which documents each tier needs")
    def get(self, request):
        return _standing(request)


class Verify(StaffDoor):
    """POST /api/v1/customer/kyc/verify."""

    tag = TAG

    @operation(
        takes=Verdict,
        gives={202: Asked},
        refuses=[
            NotForYou,
            NoSuchSubmission,
            NotInReview,
            OwnSubmission,
            NotVerified,
            IdentityDoubtful,
            RiskTooLow,
            AlreadyWaiting,
            MayNotAsk,
            ReasonMissing,
        ],
        kinds=STAFF,
        needs="kyc.review",
        summary="Propose that a customer’s tier is raised",
        about=(
            "After every document was accepted at the workbench. The limits change when a second "
            "person has agreed, and not before."
        ),
        example={
            "request_id": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11",
            "risk": "LOW",
            "reason": "Papers and face agree",
        },
    )
    def post(self, request):
        facts = dict(request.facts)
        submission = queries.submission_by(facts.pop("request_id"))
        self.check_permit(request, branch=submission.customer.branch_id)
        return kyc.propose_raise(submission, **facts, actor=request.auth.actor, at=timezone.now())


def _deed(request, operation):
    return operation(
        request.user.customer, **request.facts, actor=request.auth.actor, at=timezone.now()
    )


def _standing(request):
    customer = customers.one_by(request.auth.actor)
    return queries.standing_of(customer, at=timezone.now())
