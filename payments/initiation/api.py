"""Payments for apps: asking a customer to pay, looking what became of it, and taking it back."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from accounts.deposits.queries import OwnAccount, PayeeClosed, PayeeNotFound, PayeeNotUnderstood
from accounts.partners.door import FOR, REFUSES, PartnerDoor
from ledger.controls.api import once
from ledger.money_json import MoneyIn, MoneyOut
from payments.initiation import operations as initiation
from payments.initiation import queries
from payments.initiation.refusals import NoSuchPayment, PaymentOver
from payments.transfers.lookups import TooManyLookups
from wekeza.kit.api import Fields, Text, operation

SCOPE = queries.SCOPE


class NewPayment(Fields):
    """From which shared account, to whom, how much and why."""

    source = Text(max_length=13, help_text="The number of a shared account.")
    recipient = Text(max_length=40, help_text="A phone or account number of a Wekeza customer.")
    money = MoneyIn()
    reason = Text(max_length=60, required=False, allow_blank=True, default="")


class Payment(Fields):
    """A payment that you asked a customer for, and what became of it."""

    id = serializers.UUIDField(source="public_id")
    status = serializers.SerializerMethodField(
        help_text="PENDING, COMPLETED, CANCELLED or EXPIRED."
    )
    source = serializers.CharField(source="source.number")
    money = MoneyOut()
    reason = serializers.CharField()
    authorise_url = serializers.SerializerMethodField(
        help_text="Send the customer here; empty once it is over."
    )
    receipt_no = serializers.SerializerMethodField()
    asked_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()

    def get_status(self, payment) -> str:
        return payment.state_at(timezone.now())

    def get_authorise_url(self, payment) -> str:
        if payment.state_at(timezone.now()) != "PENDING":
            return ""
        page = reverse("payments:initiation:check", args=[payment.public_id])
        return f"{settings.SITE_URL}{page}"

    def get_receipt_no(self, payment) -> str:
        is_paid = payment.state_at(timezone.now()) == "COMPLETED"
        return payment.transfer.receipt_no if is_paid else ""


class New(PartnerDoor):
    """POST /api/v1/partner/payments/."""

    @operation(
        takes=NewPayment,
        gives={202: Payment},
        refuses=[
            *REFUSES,
            NoSuchPayment,
            PayeeNotUnderstood,
            PayeeNotFound,
            PayeeClosed,
            OwnAccount,
            TooManyLookups,
        ],
        scope=SCOPE,
        quota="money",
        once=once,
        summary="Ask a customer to pay",
        about=(
            "No money moves yet. Send the customer to `authorise_url`: they check the payee and "
            "the amount on our page and authorise with PIN or code, within 24 hours."
        ),
        example={
            "source": "0011000000017",
            "recipient": "0722 000 418",
            "money": {"amount": "1500.00", "currency": "KES"},
            "reason": "Invoice 17",
        },
        **FOR,
    )
    def post(self, request):
        facts = request.facts
        return initiation.ask(
            request.grant,
            reference=request.reference,
            **facts,
            at=timezone.now(),
            actor=request.auth.actor,
        )


class One(PartnerDoor):
    """GET /api/v1/partner/payments/<id>/."""

    @operation(
        gives={200: Payment},
        refuses=[*REFUSES, NoSuchPayment],
        scope=SCOPE,
        summary="See what became of a payment",
        **FOR,
    )
    def get(self, request, public_id):
        return _one(request, public_id)


class Cancel(PartnerDoor):
    """POST /api/v1/partner/payments/<id>/cancel/."""

    @operation(
        gives={200: Payment},
        refuses=[*REFUSES, NoSuchPayment, PaymentOver],
        scope=SCOPE,
        summary="Take back a payment that is pending",
        **FOR,
    )
    def post(self, request, public_id):
        payment = _one(request, public_id)
        return initiation.cancel(payment, at=timezone.now(), actor=request.auth.actor)


def _one(request, public_id):
    grant = request.grant
    return queries.asked_by(grant.app, public_id=public_id, user=grant.user)
