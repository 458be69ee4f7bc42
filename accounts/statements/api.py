"""Transactions for programs: the newest first, page by page."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.deposits import queries as deposit_queries
from accounts.deposits.queries import NoSuchAccount
from accounts.statements import queries
from accounts.statements.queries import Cursor, Filters
from ledger.money_json import MoneyOut
from wekeza.kit.api import Door, Fields, Text, operation

TAG = "Accounts"


class CursorField(serializers.CharField):
    """The `next` of the page before."""

    default_error_messages = {"cursor": _("Send the “next” of the page before, as it came")}

    def to_internal_value(self, data):
        found = Cursor.read(super().to_internal_value(data))
        if found is None:
            self.fail("cursor")
        return found


class Asked(Fields):
    """Which transactions."""

    cursor = CursorField(required=False, help_text="`next` of the page before.")
    size = serializers.IntegerField(min_value=1, max_value=100, required=False, default=25)
    direction = serializers.ChoiceField(["in", "out"], required=False)
    from_date = serializers.DateField(required=False, help_text="Business date, included.")
    to_date = serializers.DateField(required=False, help_text="Business date, included.")

    def validate(self, facts):
        first, last = facts.get("from_date"), facts.get("to_date")
        if first and last and first > last:
            raise serializers.ValidationError({"to_date": [_("This day is before from_date")]})
        return facts


class AskedOfAll(Asked):
    """Which transactions of which account."""

    account = Text(max_length=13, required=False, help_text="Your oldest account unless named.")


class Transaction(Fields):
    """One movement on one account (LG19)."""

    id = serializers.CharField(source="cursor", help_text="Its place in the account.")
    account = serializers.CharField()
    type = serializers.CharField(source="kind.code")
    description = serializers.CharField(source="who")
    direction = serializers.CharField(help_text="in or out")
    money = MoneyOut()
    balance_after = MoneyOut()
    reference = serializers.CharField(help_text="The receipt number.")
    reason = serializers.CharField()
    status = serializers.CharField(help_text="POSTED, or REVERSED when it was taken back.")
    at = serializers.DateTimeField()
    business_date = serializers.DateField()
    value_date = serializers.DateField()


class Page(Fields):
    """Some transactions, the newest first."""

    account = serializers.CharField()
    transactions = Transaction(many=True)
    next = serializers.CharField(
        allow_null=True, help_text="Send it as `cursor` for the older ones; null at the end."
    )


class OfAccount(Door):
    """GET /api/v1/accounts/<number>/transactions/."""

    tag = TAG

    @operation(
        asks=Asked,
        gives={200: Page},
        refuses=[NoSuchAccount],
        summary="See the transactions of an account",
        about="A page never changes while new transactions come: it goes by place, not by number.",
    )
    def get(self, request, number):
        return _page(request, deposit_queries.one_held_by(request.auth.actor, number=number))


class History(Door):
    """GET /transactions/history (004:161)."""

    tag = TAG

    @operation(
        asks=AskedOfAll,
        gives={200: Page},
        refuses=[NoSuchAccount],
        summary="See your transactions",
    )
    def get(self, request):
        account = deposit_queries.chosen(request.auth.actor, number=request.query.get("account"))
        return _page(request, deposit_queries.standing_of(account))


def _page(request, holding):
    asked = request.query
    filters = Filters(
        direction=asked.get("direction", ""),
        from_date=asked.get("from_date"),
        to_date=asked.get("to_date"),
    )
    page = queries.page_of(holding, filters=filters, before=asked.get("cursor"), size=asked["size"])
    older = str(page.older) if page.older else None
    return {"account": holding.number, "transactions": page.rows, "next": older}
