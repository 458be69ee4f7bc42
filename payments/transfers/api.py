"""
Sending money for programs: the details are held as an intent, the customer authorises exactly them
with the PIN or a code, and then they are sent. Between accounts of one customer no code is needed.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from accounts.access.refusals import (
    CodeExpired,
    CodeForOtherIntent,
    CodeLocked,
    CodeReplaced,
    CodeTooSoon,
    CodeUsed,
    NoAuthenticator,
    NoPin,
    WrongCode,
    WrongPin,
)
from accounts.deposits import queries as deposit_queries
from accounts.deposits.queries import (
    NoSuchAccount,
    OwnAccount,
    PayeeClosed,
    PayeeNotFound,
    PayeeNotUnderstood,
)
from ledger.controls.api import once
from ledger.money_json import MoneyIn, MoneyOut
from payments.transfers import lookups, queries
from payments.transfers import operations as transfers
from payments.transfers.refusals import (
    AlreadySent,
    CustomerNotActive,
    DraftChanged,
    DraftExpired,
    FactorTooNew,
    NoSuchTransfer,
    NotAuthorised,
    NotEnoughMoney,
    OverDailyLimit,
    OverMonthlyLimit,
    OverTransferLimit,
    PayeeCannotTake,
    SourceClosed,
    SourceFrozen,
    WrongCurrency,
)
from wekeza.kit.api import Door, Fields, Secret, Text, operation

TAG = "Payments"
NOT_SENT = [
    NotEnoughMoney,
    OverTransferLimit,
    OverDailyLimit,
    OverMonthlyLimit,
    PayeeCannotTake,
    SourceFrozen,
    SourceClosed,
    CustomerNotActive,
    FactorTooNew,
    CodeLocked,
]


class NewTransfer(Fields):
    """From where, to whom, how much and why."""

    source = Text(max_length=13, required=False, help_text="Your oldest account unless named.")
    recipient = Text(max_length=40, help_text="A phone or account number of a Wekeza customer.")
    money = MoneyIn()
    reason = Text(max_length=60, required=False, allow_blank=True, default="")


class Transfer(Fields):
    """A transfer: the intent, and what became of it."""

    id = serializers.UUIDField(source="public_id")
    state = serializers.CharField(help_text="DRAFT until it is authorised; PAID; CANCELLED.")
    source = serializers.CharField(source="source.number")
    payee_name = serializers.CharField(help_text="Check it with the customer.")
    recipient = serializers.CharField(source="masked_recipient")
    money = MoneyOut(help_text="What the payee gets.")
    fee = MoneyOut(source="fee_money")
    total = MoneyOut(help_text="What leaves the account.")
    reason = serializers.CharField()
    held_until = serializers.DateTimeField(help_text="Authorise it before.")
    authorise_with = serializers.SerializerMethodField(
        help_text="PIN, CODE (texted to the customer) or TOTP (the authenticator app)."
    )
    authorise_url = serializers.SerializerMethodField(
        help_text="The bank's own page for it; empty when there is nothing to authorise."
    )
    receipt_no = serializers.CharField()
    paid_at = serializers.DateTimeField(allow_null=True)

    def get_authorise_with(self, transfer) -> str:
        at = timezone.now()
        return queries.way_to_authorise(transfer, at=at) if transfer.is_draft else ""

    def get_authorise_url(self, transfer) -> str:
        if not transfer.is_draft:
            return ""
        page = reverse("payments:transfers:check", args=[transfer.public_id])
        return f"{settings.SITE_URL}{page}"


class Authorisation(Fields):
    """What the customer authorises with."""

    secret = Secret(max_length=12, help_text="The PIN, the texted code, or the app's code.")


class New(Door):
    """POST /api/v1/payments/transfers/."""

    tag = TAG

    @operation(
        takes=NewTransfer,
        gives={202: Transfer, 201: Transfer},
        refuses=[
            NoSuchAccount,
            PayeeNotUnderstood,
            PayeeNotFound,
            PayeeClosed,
            OwnAccount,
            lookups.TooManyLookups,
            WrongCurrency,
            *NOT_SENT,
        ],
        quota="money",
        once=once,
        summary="Send money",
        about=(
            "Holds the details for ten minutes; no money moves yet. The customer authorises them "
            "on the page at `authorise_url`, or you send the PIN or code to `…/authorise`. "
            "Between accounts of the same customer the money moves at once, with 201."
        ),
        example={
            "recipient": "0722 000 418",
            "money": {"amount": "1500.00", "currency": "KES"},
            "reason": "Rent",
        },
    )
    def post(self, request):
        facts, at, who = request.facts, timezone.now(), request.auth
        source = deposit_queries.chosen(who.actor, number=facts.get("source"))
        payee = lookups.payee(facts["recipient"], source=source, at=at, actor=who.actor)
        order = transfers.draft_or_move(
            reference=request.reference,
            source=source,
            payee=payee,
            money=facts["money"],
            reason=facts["reason"],
            at=at,
            actor=who.actor,
        )
        return (201 if order.is_sent else 202), order


class One(Door):
    """GET /api/v1/payments/transfers/<id>/."""

    tag = TAG

    @operation(
        gives={200: Transfer},
        refuses=[NoSuchTransfer],
        summary="See what became of a transfer",
    )
    def get(self, request, public_id):
        return queries.draft_by(request.auth.actor, public_id=public_id)


class Authorise(Door):
    """POST /api/v1/payments/transfers/<id>/authorise."""

    tag = TAG

    @operation(
        takes=Authorisation,
        gives={200: Transfer},
        refuses=[
            NoSuchTransfer,
            WrongPin,
            NoPin,
            WrongCode,
            CodeExpired,
            CodeReplaced,
            CodeForOtherIntent,
            CodeUsed,
            NoAuthenticator,
            DraftExpired,
            DraftChanged,
            NotAuthorised,
            *NOT_SENT,
        ],
        quota="money",
        summary="Authorise a transfer and send it",
        about=(
            "Exactly what was held is sent, once: asked again it gives the same receipt, whatever "
            "the secret. The transfer’s own id is its key, so no Idempotency-Key is needed."
        ),
        example={"secret": "2580"},
    )
    def post(self, request, public_id):
        draft = queries.draft_by(request.auth.actor, public_id=public_id)
        return transfers.authorise_and_send(
            draft,
            secret=request.facts["secret"],
            at=timezone.now(),
            actor=request.auth.actor,
        ).transfer


class Cancel(Door):
    """POST /api/v1/payments/transfers/<id>/cancel."""

    tag = TAG

    @operation(
        gives={200: Transfer},
        refuses=[NoSuchTransfer, AlreadySent],
        summary="Cancel a transfer that is not authorised yet",
    )
    def post(self, request, public_id):
        draft = queries.draft_by(request.auth.actor, public_id=public_id)
        transfers.cancel(draft, at=timezone.now(), actor=request.auth.actor)
        return queries.draft_by(request.auth.actor, public_id=public_id)


class Code(Door):
    """POST /api/v1/payments/transfers/<id>/code."""

    tag = TAG

    @operation(
        gives={204: None},
        refuses=[
            NoSuchTransfer,
            DraftExpired,
            DraftChanged,
            FactorTooNew,
            CodeTooSoon,
            CodeLocked,
        ],
        summary="Text a new code for a transfer",
    )
    def post(self, request, public_id):
        draft = queries.draft_by(request.auth.actor, public_id=public_id)
        transfers.text_new_code(draft, at=timezone.now(), actor=request.auth.actor)
