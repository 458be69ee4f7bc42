"""Accounts for programs: which there are and how they stand."""

from rest_framework import serializers

from accounts.deposits import queries as deposit_queries
from accounts.deposits.queries import NoSuchAccount
from ledger.money_json import MoneyOut
from wekeza.kit.api import Door, Fields, operation

TAG = "Accounts"


class Account(Fields):
    """A deposit account as its holder sees it at this moment."""

    number = serializers.CharField()
    name = serializers.CharField(help_text="The product.")
    status = serializers.CharField(help_text="ACTIVE, FROZEN or CLOSED.")
    balance = MoneyOut()
    held = MoneyOut(help_text="Set aside for payments on their way.")
    available = MoneyOut(help_text="What can be sent now.")
    minimum = MoneyOut(help_text="What must stay in it; zero for most accounts.")
    opened_date = serializers.DateField(source="account.opened_date")


class Accounts(Fields):
    """The accounts of the customer, the oldest first."""

    accounts = Account(many=True)


class Hold(Fields):
    """A part of the balance that is set aside, until it is taken, given back or too old."""

    kind = serializers.CharField(help_text="PAYMENT, CARD, CHEQUE, LIEN or COURT.")
    reason = serializers.CharField()
    amount = MoneyOut(source="left", help_text="What it still holds.")
    placed_date = serializers.DateField(source="placed_on", help_text="Business date.")
    expires_date = serializers.DateField(
        source="expires_on", allow_null=True, help_text="Its last business date, if it has one."
    )


class AllHolds(Fields):
    """The open holds of an account, the oldest first."""

    holds = Hold(many=True)


class Mine(Door):
    """GET /accounts/me (000:74) and /api/v1/accounts/."""

    tag = TAG

    @operation(
        gives={200: Accounts},
        summary="See your accounts and balances",
        about="`balance` is what is posted; `available` is what can be sent.",
    )
    def get(self, request):
        return {"accounts": deposit_queries.held_by(request.auth.actor)}


class One(Door):
    """GET /api/v1/accounts/<number>/."""

    tag = TAG

    @operation(
        gives={200: Account},
        refuses=[NoSuchAccount],
        summary="See one account",
    )
    def get(self, request, number):
        return deposit_queries.one_held_by(request.auth.actor, number=number)


class Holds(Door):
    """GET /api/v1/accounts/<number>/holds/."""

    tag = TAG

    @operation(
        gives={200: AllHolds},
        refuses=[NoSuchAccount],
        summary="See what is set aside in one account",
        about="They add up to `held` of the account.",
    )
    def get(self, request, number):
        holding = deposit_queries.one_held_by(request.auth.actor, number=number)
        return {"holds": deposit_queries.holds_on(holding)}
