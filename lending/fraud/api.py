"""Fraud for the bank's own programs: what the rules found, and sending it to investigation."""

from django.utils import timezone
from rest_framework import serializers

from accounts.staff.api import STAFF, StaffDoor
from accounts.staff.refusals import NotForYou
from lending.fraud import operations as fraud
from lending.fraud import queries
from lending.fraud.refusals import (
    AboutYourself,
    CaseDecided,
    NoFraudCase,
    NoSuchLoanApplication,
    NoteMissing,
)
from wekeza.kit.api import Fields, Text, operation

TAG = "Loans"


class OneFlagged(Fields):
    """Which application."""

    application = serializers.UUIDField()


class Escalation(Fields):
    """Which application, and why it goes to investigation."""

    application = serializers.UUIDField()
    note = Text(max_length=1000)


class Flag(Fields):
    """A rule that fired: what it counts, and what it found."""

    rule = serializers.CharField()
    weight = serializers.IntegerField()
    facts = serializers.DictField()


class Assessment(Fields):
    """What the rules made of an application."""

    application = serializers.UUIDField(source="application.public_id")
    score = serializers.IntegerField(help_text="The sum of the weights.")
    result = serializers.CharField(help_text="CLEAR, REVIEW or BLOCK.")
    flags = serializers.SerializerMethodField()

    def get_flags(self, row) -> list[dict]:
        return Flag(row.flags.order_by("-weight", "pk"), many=True).data


class Case(Fields):
    """A case of fraud."""

    id = serializers.UUIDField(source="public_id")
    application = serializers.UUIDField(source="assessment.application.public_id")
    score = serializers.IntegerField(source="assessment.score")
    state = serializers.CharField(help_text="OPEN, TAKEN, CONFIRMED or CLEARED.")
    escalated_at = serializers.DateTimeField()


class Check(StaffDoor):
    """POST /api/v1/loan/fraud/check (003:321)."""

    tag = TAG

    @operation(
        takes=OneFlagged,
        gives={200: Assessment},
        refuses=[NotForYou, NoSuchLoanApplication, AboutYourself],
        kinds=STAFF,
        needs=queries.LOOK,
        summary="See what the rules of fraud make of an application",
        about="The rules are asked once: before the score, or by this. Customers never read it.",
        example={"application": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11"},
    )
    def post(self, request):
        application = queries.application_by(request.facts["application"])
        return fraud.check(application, actor=request.auth.actor, at=timezone.now())


class Escalate(StaffDoor):
    """POST /api/v1/loan/fraudflag/escalate (003:338)."""

    tag = TAG

    @operation(
        takes=Escalation,
        gives={200: Case},
        refuses=[
            NotForYou, NoSuchLoanApplication, NoFraudCase, CaseDecided, NoteMissing, AboutYourself,
        ],
        kinds=STAFF,
        needs=queries.DECIDE,
        summary="Send a flagged application to investigation",
        example={
            "application": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11",
            "note": "Three customers, one phone, one afternoon",
        },
    )  # fmt: skip
    def post(self, request):
        case = queries.case_of(queries.application_by(request.facts["application"]))
        return fraud.escalate(
            case, text=request.facts["note"], actor=request.auth.actor, at=timezone.now()
        )
