"""What apps may see: the accounts that customers chose for them, balances and transactions."""

from django.utils import timezone
from rest_framework import serializers

from accounts.partners import queries
from accounts.partners.door import FOR, REFUSES, PartnerDoor
from accounts.partners.refusals import NoSuchPartner
from accounts.statements import queries as statements
from accounts.statements.api import Asked, Page
from accounts.statements.queries import Filters
from ledger.money_json import MoneyOut
from wekeza.kit.api import Fields, operation


class Consent(Fields):
    """What a customer lets the app see, and until when."""

    id = serializers.UUIDField(source="public_id")
    scopes = serializers.ListField(child=serializers.CharField())
    accounts = serializers.SerializerMethodField()
    given_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()

    def get_accounts(self, consent) -> list[str]:
        return [account.number for account in consent.accounts.all()]


class Consents(Fields):
    """The consents that stand now."""

    consents = Consent(many=True)


class SharedAccount(Fields):
    """An account that a customer shares with the app."""

    number = serializers.CharField()
    name = serializers.CharField(help_text="The product.")
    status = serializers.CharField(help_text="ACTIVE, FROZEN or CLOSED.")
    currency = serializers.CharField(source="account.product.currency")


class SharedAccounts(Fields):
    """The shared accounts, the oldest first."""

    accounts = SharedAccount(many=True)


class SharedBalances(Fields):
    """How much is in a shared account at this moment."""

    number = serializers.CharField()
    balance = MoneyOut(help_text="What is posted.")
    available = MoneyOut(help_text="What can be sent now.")


class Standing(PartnerDoor):
    """GET /api/v1/partner/consents/."""

    @operation(gives={200: Consents}, refuses=REFUSES, summary="See whose consent stands", **FOR)
    def get(self, request):
        rows = queries.consents_behind(request.grant, at=timezone.now())
        return {"consents": rows}


class Shared(PartnerDoor):
    """GET /api/v1/partner/accounts/."""

    @operation(
        gives={200: SharedAccounts},
        refuses=REFUSES,
        scope="accounts.read",
        summary="See the accounts that customers share with you",
        **FOR,
    )
    def get(self, request):
        at = timezone.now()
        return {"accounts": queries.holdings_open_to(request.grant, scope="accounts.read", at=at)}


class OneShared(PartnerDoor):
    """GET /api/v1/partner/accounts/<number>/."""

    @operation(
        gives={200: SharedAccount},
        refuses=[*REFUSES, NoSuchPartner],
        scope="accounts.read",
        summary="See one shared account",
        **FOR,
    )
    def get(self, request, number):
        return _one(request, number, scope="accounts.read")


class OfShared(PartnerDoor):
    """GET /api/v1/partner/accounts/<number>/balances/."""

    @operation(
        gives={200: SharedBalances},
        refuses=[*REFUSES, NoSuchPartner],
        scope="balances.read",
        summary="See the balance of a shared account",
        **FOR,
    )
    def get(self, request, number):
        return _one(request, number, scope="balances.read")


class Transactions(PartnerDoor):
    """GET /api/v1/partner/accounts/<number>/transactions/."""

    @operation(
        asks=Asked,
        gives={200: Page},
        refuses=[*REFUSES, NoSuchPartner],
        scope="transactions.read",
        summary="See the transactions of a shared account",
        about="The newest first. Send `next` as `cursor` for the older ones.",
        **FOR,
    )
    def get(self, request, number):
        holding, asked = _one(request, number, scope="transactions.read"), request.query
        filters = Filters(
            direction=asked.get("direction", ""),
            from_date=asked.get("from_date"),
            to_date=asked.get("to_date"),
        )
        page = statements.page_of(
            holding, filters=filters, before=asked.get("cursor"), size=asked["size"]
        )
        older = str(page.older) if page.older else None
        return {"account": holding.number, "transactions": page.rows, "next": older}


def _one(request, number: str, *, scope: str):
    return queries.one_open_to(request.grant, scope=scope, number=number, at=timezone.now())
