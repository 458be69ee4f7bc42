"""Promises to pay for programs: making one, and seeing what came of them."""

from django.utils import timezone
from rest_framework import serializers

from ledger.controls.api import once
from ledger.money_json import MoneyIn, MoneyOut
from lending.collections import promises, queries
from lending.collections.refusals import (
    AlreadyPromised,
    NotLate,
    NotSuchADay,
    PromiseTooLarge,
    PromiseTooSmall,
    TooManyParts,
    TooManyPromises,
)
from lending.loans import queries as loans
from lending.loans.queries import NoSuchLoan
from wekeza.kit.api import Door, Fields, operation

TAG = "Loans"


class NewPromise(Fields):
    """On which late loan, how much, and by when."""

    loan = serializers.UUIDField()
    money = MoneyIn()
    first_date = serializers.DateField(source="first", help_text="The day of it, or of its first.")
    parts = serializers.IntegerField(
        min_value=1, default=1, help_text="Equal ones; the others follow a week apart."
    )


class PromisePart(Fields):
    """How much is paid by which day."""

    due_date = serializers.DateField(source="due")
    money = MoneyOut()


class Promise(Fields):
    """What was promised of a late loan, and what came of it."""

    id = serializers.UUIDField(source="public_id")
    loan = serializers.UUIDField(source="loan.public_id")
    money = MoneyOut()
    state = serializers.CharField(help_text="OPEN, KEPT or BROKEN; judged each night.")
    parts = PromisePart(source="parts.all", many=True)
    made_at = serializers.DateTimeField()


class Promises(Fields):
    """All promises, the newest first."""

    promises = Promise(many=True)


class Add(Door):
    """POST /api/v1/loan/promise/add."""

    tag = TAG

    @operation(
        takes=NewPromise,
        gives={201: Promise},
        refuses=[
            NoSuchLoan, NotLate, PromiseTooSmall, PromiseTooLarge, NotSuchADay, TooManyParts,
            AlreadyPromised, TooManyPromises,
        ],
        once=once,
        summary="Promise to pay of a late loan",
        about="An open promise holds back calls until its day. Only what is paid in time keeps it.",
        example={
            "loan": "5f0c7c1e-0f0a-4b8e-9c55-2f6d1f0e7a11",
            "money": {"amount": "2000.00", "currency": "KES"},
            "first_date": "2026-12-01",
        },
    )  # fmt: skip
    def post(self, request):
        actor, facts = request.auth.actor, dict(request.facts)
        loan = loans.one_of(actor, public_id=facts.pop("loan"))
        return promises.make(
            loan, **facts, reference=str(request.reference), at=timezone.now(), actor=actor
        )


class List(Door):
    """GET /api/v1/loan/promise/."""

    tag = TAG

    @operation(gives={200: Promises}, summary="See what you promised of late loans")
    def get(self, request):
        return {"promises": queries.promises_of(request.auth.actor.customer_id)}
