"""
Asking a customer to pay, for an app; and what becomes of it. The money moves by a transfer that the
customer authorises like any other (RTS-like: the bank's own page, the amount and the payee named).
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from accounts.deposits.queries import Payee
from accounts.partners.queries import Grant
from accounts.partners.refusals import AppClosed, ConsentOver
from ledger.controls import audit, outbox
from ledger.money import Money
from ledger.refusals import ReferenceReused
from payments.initiation import queries
from payments.initiation.models import PartnerPayment
from payments.initiation.refusals import PaymentOver
from payments.initiation.states import LIFECYCLE, State
from payments.transfers import lookups
from payments.transfers import operations as transfers
from payments.transfers.models import Transfer
from payments.transfers.refusals import AlreadySent, DraftChanged
from wekeza.kit.actor import Actor

WAITS = timedelta(hours=24)


def ask(
    grant: Grant,
    *,
    reference: UUID,
    source: str,
    recipient: str,
    money: Money,
    reason: str,
    at: datetime,
    actor: Actor,
) -> PartnerPayment:
    """
    This will ask the customer of a shared account (its number) to pay somebody, for 24 hours. No
    money moves, and nothing is held. The app is not told whose number the recipient's is.

    :raises NoSuchPayment: if no standing consent lets the app ask for this account.
    :raises PayeeNotFound: and the other refusals of `lookups.payee`.
    :raises ReferenceReused: if the key stands for another payment.
    """
    consent = queries.consent_for(grant, number=source, at=at)
    account = consent.accounts.select_related("customer__user", "product").get(number=source)
    payee = lookups.payee(recipient, source=account, at=at, actor=actor)
    facts = {
        "source": account,
        "target": payee.account,
        "reached_by": payee.reached_by,
        "amount": money.amount,
        "currency": money.currency,
        "reason": reason,
    }
    with transaction.atomic():
        payment, is_new = PartnerPayment.objects.get_or_create(
            app=grant.app,
            reference=reference,
            defaults=facts | {"consent": consent, "asked_at": at, "expires_at": at + WAITS},
        )
        if is_new:
            audit.record(actor=actor, deed="initiation.asked", subject=payment, money=money)
            outbox.publish("initiation.asked", {"payment": payment.pk})
    if any(getattr(payment, name) != value for name, value in facts.items()):
        raise ReferenceReused(reference=str(reference))
    return payment


def open_draft(payment: PartnerPayment, *, at: datetime, actor: Actor) -> Transfer:
    """
    This will hold the details of a payment as a transfer for its customer to check and authorise; a
    draft that still waits is given again, and one that is over can never be sent any more.

    :raises PaymentOver: if it was paid, cancelled, or not authorised in time.
    :raises ConsentOver: if the customer ended the consent since.
    :raises AppClosed: if the app or its partner may not work now.
    :raises DraftChanged: if another page opened a later draft meanwhile.
    :raises NotEnoughMoney: and the other refusals of `transfers.draft`.
    """
    with transaction.atomic():
        row = _locked(payment)
        _check_open(row, at=at)
        held = row.transfer
        if held is not None and held.is_draft and at < held.held_until:
            return held
        _give_up(held, at=at, actor=actor)
    draft = transfers.draft(
        reference=uuid5(row.public_id, str(row.transfer_id or 0)),
        source=payment.source,
        payee=Payee(payment.target, payment.target.customer.full_name, payment.reached_by),
        money=payment.money,
        reason=payment.reason,
        at=at,
        actor=actor,
    )
    with transaction.atomic():
        now = _locked(payment)
        if now.state == State.PENDING and now.transfer_id in {row.transfer_id, draft.pk}:
            PartnerPayment.objects.filter(pk=now.pk).update(transfer=draft, updated_at=at)
            return draft
        _give_up(draft, at=at, actor=actor)
    raise DraftChanged if now.state == State.PENDING else PaymentOver(state=now.state)


@transaction.atomic
def cancel(payment: PartnerPayment, *, at: datetime, actor: Actor) -> PartnerPayment:
    """
    This will take back a payment that nobody authorised; its draft, if there is one, is dropped.

    :raises PaymentOver: if it is not pending any more.
    """
    row = _locked(payment)
    if row.state_at(at) != State.PENDING:
        raise PaymentOver(state=row.state_at(at))
    _give_up(row.transfer, at=at, actor=actor)
    LIFECYCLE.move(row, to=State.CANCELLED, ended_at=at, updated_at=at)
    audit.record(actor=actor, deed="initiation.cancelled", subject=row)
    outbox.publish("initiation.cancelled", {"payment": row.pk})
    return row


@transaction.atomic
def settle(*, message_id: int, transfer: int, at: datetime, **_) -> None:
    """This will note that the transfer of a payment was sent; handler of "transfer.paid"."""
    row = PartnerPayment.objects.select_for_update().filter(transfer=transfer).first()
    if row is None or row.state != State.PENDING:
        return
    paid_at = Transfer.objects.values_list("paid_at", flat=True).get(pk=transfer)
    LIFECYCLE.move(row, to=State.COMPLETED, ended_at=paid_at, updated_at=at)
    outbox.publish("initiation.completed", {"payment": row.pk})


def _check_open(payment: PartnerPayment, *, at: datetime) -> None:
    state = payment.state_at(at)
    if state != State.PENDING:
        raise PaymentOver(state=state)
    if not payment.consent.stands(at):
        raise ConsentOver
    if not payment.app.is_working:
        raise AppClosed


def _give_up(draft: Transfer | None, *, at: datetime, actor: Actor) -> None:
    """What was sent is never replaced nor taken back; what was not can never be sent after this."""
    if draft is None:
        return
    try:
        transfers.drop(draft, at=at, actor=actor)
    except AlreadySent as refusal:
        raise PaymentOver(state=State.COMPLETED) from refusal


def _locked(payment: PartnerPayment) -> PartnerPayment:
    return PartnerPayment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
