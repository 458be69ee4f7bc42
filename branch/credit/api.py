"""Deciding about loans for programs of staff: the score, and a person's answer (003:289-296)."""

from django.utils import timezone
from rest_framework import serializers

from accounts.staff.api import STAFF, StaffDoor
from accounts.staff.refusals import NotForYou
from branch.credit import operations
from ledger.approvals.models import Approval
from ledger.approvals.refusals import AlreadyWaiting, MayNotAsk
from ledger.money_json import MoneyIn, MoneyOut
from lending.applications import queries as applications
from lending.applications.refusals import NoSuchApplication, NotOpen
from lending.decisions import queries as decision_queries
from lending.decisions.refusals import HardDecline, OverTerms, OwnApplication, WhyDecided
from lending.stops.operations import LendingStopped
from wekeza.kit.api import Fields, Text, operation

TAG = "Loans (staff)"


class OneApplication(Fields):
    """Which application."""

    application = serializers.UUIDField()


class Points(Fields):
    """What one characteristic gave, of what it could."""

    name = serializers.CharField()
    fact = serializers.CharField(allow_blank=True)
    points = serializers.IntegerField()
    most = serializers.IntegerField()


class CreditAnswer(Fields):
    """A decision with all that it followed from."""

    application = serializers.UUIDField(source="application.public_id")
    number = serializers.IntegerField(help_text="Of the application’s decisions.")
    result = serializers.CharField(help_text="APPROVED, REFUSED or REFERRED.")
    money = MoneyOut(help_text="What may be lent.")
    limit = MoneyOut(source="limit_money")
    score = serializers.IntegerField(allow_null=True, help_text="0 to 1000; null without a bureau.")
    least_score = serializers.IntegerField()
    model_version = serializers.CharField()
    bureau = serializers.SerializerMethodField(help_text="How the credit bureau knows them.")
    points = Points(many=True)
    decided_at = serializers.DateTimeField()

    def get_bureau(self, decision) -> str:
        return decision.inputs.get("bureau", "")


class CreditVerdict(OneApplication):
    """A person’s answer to an application that is with a person."""

    result = serializers.ChoiceField(choices=["APPROVED", "REFUSED"])
    money = MoneyIn(help_text="What may be lent, at most what was asked for.")
    why = Text(max_length=400)


class Given(Fields):
    """What became of the answer."""

    is_waiting = serializers.BooleanField(help_text="A second person decides about it.")
    decision = CreditAnswer(allow_null=True)


class Score(StaffDoor):
    """POST /api/v1/loan/scoring/loan (003:289)."""

    tag = TAG

    @operation(
        takes=OneApplication,
        gives={200: CreditAnswer},
        refuses=[NotForYou, NoSuchApplication],
        kinds=STAFF,
        needs="loan.look",
        summary="Score an application",
        about=(
            "By the bank’s own figures and the credit bureau’s. An application is decided once: "
            "asked again it gives the same."
        ),
        example={"application": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11"},
    )
    def post(self, request):
        row = _seen(self, request)
        operations.answer(row, at=timezone.now())
        return decision_queries.last_of(row)


class Approve(StaffDoor):
    """POST /api/v1/loan/loan/approve (003:292)."""

    tag = TAG

    @operation(
        takes=CreditVerdict,
        gives={200: Given, 202: Given},
        refuses=[
            NotForYou, NoSuchApplication, NotOpen, OwnApplication, WhyDecided, OverTerms,
            HardDecline, LendingStopped, AlreadyWaiting, MayNotAsk,
        ],
        kinds=STAFF,
        needs="loan.decide",
        summary="Answer an application that is with a person",
        about="What is too large for one person waits for a second one, with 202.",
        example={
            "application": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11",
            "result": "APPROVED",
            "money": {"amount": "5000.00", "currency": "KES"},
            "why": "Sees her wages paid in here each month",
        },
    )  # fmt: skip
    def post(self, request):
        row, facts = _seen(self, request), request.facts
        done = operations.decide(
            row, result=facts["result"], amount=facts["money"], why=facts["why"],
            actor=request.auth.actor, at=timezone.now(),
        )  # fmt: skip
        if isinstance(done, Approval):
            return 202, {"is_waiting": True, "decision": None}
        return {"is_waiting": False, "decision": done}


def _seen(door: StaffDoor, request):
    row = applications.by_id(request.facts["application"])
    door.check_permit(request, branch=row.customer.branch_id)
    return row
