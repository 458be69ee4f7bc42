"""All that a customer asked for, for programs."""

from rest_framework import serializers

from ledger.money_json import MoneyOut
from lending.applications import queries as applications
from lending.applications.refusals import NoSuchApplication
from wekeza.kit.api import Door, Fields, operation

TAG, MOST = "Loans", 100


class ApplicationsAsked(Fields):
    """Which part of the list."""

    cursor = serializers.UUIDField(required=False, help_text="The `next` of the page before.")
    size = serializers.IntegerField(min_value=1, max_value=MOST, default=20)


class ApplicationLine(Fields):
    """One application in the list; its answer stands at its own address."""

    id = serializers.UUIDField(source="public_id")
    state = serializers.CharField(
        help_text="ASKED, APPROVED, REFUSED, REFERRED, TAKEN, WITHDRAWN or EXPIRED."
    )
    product = serializers.CharField(source="product_id")
    money = MoneyOut()
    asked_at = serializers.DateTimeField()


class ApplicationLines(Fields):
    """Some applications, the newest first."""

    applications = ApplicationLine(many=True)
    next = serializers.UUIDField(
        allow_null=True, help_text="Send it as `cursor` for the older ones; null at the end."
    )


class Applications(Door):
    """GET /api/v1/loan/application/."""

    tag = TAG

    @operation(
        asks=ApplicationsAsked,
        gives={200: ApplicationLines},
        refuses=[NoSuchApplication],
        summary="See all that you asked for",
    )
    def get(self, request):
        asked, actor = request.query, request.auth.actor
        size = asked["size"]
        rows = applications.page_of(actor, before=asked.get("cursor"), size=size + 1)
        has_more = len(rows) > size
        return {"applications": rows[:size], "next": rows[size - 1].public_id if has_more else None}
