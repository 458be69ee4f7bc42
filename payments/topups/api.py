"""Adding money for programs."""

from django.utils import timezone
from rest_framework import serializers

from accounts.deposits import queries as deposit_queries
from accounts.deposits.queries import NoSuchAccount
from ledger.controls.api import once
from ledger.money_json import MoneyIn, MoneyOut
from payments.topups import operations as topups
from payments.topups import queries
from payments.topups.refusals import (
    AccountCannotTake,
    NoSuchTopUp,
    NotAdded,
    NoWayOpen,
    OverMaximumBalance,
    WrongCurrency,
)
from wekeza.kit.api import Door, Fields, Text, operation

TAG = "Payments"


class NewTopUp(Fields):
    """How much, and to which account."""

    money = MoneyIn()
    account = Text(max_length=13, required=False, help_text="Your oldest account unless named.")


class TopUp(Fields):
    """A request to bring money in, and what became of it."""

    receipt_no = serializers.CharField()
    state = serializers.CharField(help_text="STARTED, PAID, FAILED, RETURNED or UNKNOWN.")
    account = serializers.CharField(source="account.number")
    money = MoneyOut()
    requested_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)


class Deposit(Door):
    """POST /accounts/deposit (000:179), /wallet/deposit (004:157) and /api/v1/payments/topups/."""

    tag = TAG

    @operation(
        takes=NewTopUp,
        gives={202: TopUp, 201: TopUp},
        refuses=[
            NoSuchAccount,
            NoWayOpen,
            OverMaximumBalance,
            AccountCannotTake,
            WrongCurrency,
            NotAdded,
        ],
        quota="money",
        once=once,
        summary="Add money",
        about=(
            "Asks the funding rail for the money. 202 means that the rail has not confirmed yet: "
            "look at the top-up again. In the demo bank the rail answers at once, with 201."
        ),
        example={"money": {"amount": "5000.00", "currency": "KES"}},
    )
    def post(self, request):
        account = deposit_queries.chosen(request.auth.actor, number=request.facts.get("account"))
        topup = topups.top_up(
            reference=request.reference,
            account=account,
            money=request.facts["money"],
            at=timezone.now(),
            actor=request.auth.actor,
        )
        if topup.is_final and not topup.is_paid:
            raise NotAdded(receipt_no=topup.receipt_no)
        return (201 if topup.is_paid else 202), topup


class One(Door):
    """GET /api/v1/payments/topups/<receipt_no>/."""

    tag = TAG

    @operation(
        gives={200: TopUp},
        refuses=[NoSuchTopUp],
        summary="See what became of a top-up",
    )
    def get(self, request, receipt_no):
        return queries.receipt_by(request.auth.actor, receipt_no=receipt_no).topup
