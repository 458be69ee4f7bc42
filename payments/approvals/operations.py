"""
Asking for signatures under a payment of a business, giving or refusing them, and paying with the
last one. Who must sign is the mandate's (`accounts.businesses.mandates`); the money moves by
`transfers.send`, which looks at the signatures once more and happens once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.access.refusals import CodeExpired
from accounts.businesses import mandates
from accounts.businesses import queries as businesses
from accounts.businesses.mandates import Standing
from accounts.businesses.queries import Membership, Role
from accounts.businesses.refusals import IntentChanged
from accounts.deposits.queries import Payee
from ledger.controls import audit, outbox
from payments.approvals.refusals import NotSentForApproval
from payments.transfers import checks, queries, secrets
from payments.transfers import operations as transfers
from payments.transfers.models import Transfer
from payments.transfers.secrets import Secret
from payments.transfers.states import LIFECYCLE, TransferState
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed

WAITS_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a signature led to: the payment as it is now, and how its signatures stand."""

    transfer: Transfer
    standing: Standing
    is_replay: bool = False


@deed
def ask(transfer: Transfer, *, at: datetime, actor: Actor) -> Transfer:
    """
    This will send a draft of a business to its signatories; it waits for them for seven days. Asked
    again, it waits already.

    :raises NotYourRole: if the actor does not prepare its payments.
    :raises DraftExpired: or DraftChanged, if the details are no longer held.
    :raises OverMandate: if its mandate covers no such amount.
    :raises TooFewSignatories: if fewer people may sign than must.
    """
    businesses.membership(actor, transfer.business).must(Role.MAKER)
    row = _locked(transfer)
    if row.is_waiting:
        return row
    transfers.check_held(row, at=at)
    mandates.check_able(queries.signatures_of(row))
    facts = {"held_until": at + WAITS_FOR, "updated_at": at}
    LIFECYCLE.move(row, to=TransferState.WAITING, **facts)
    audit.record(actor=actor, deed="transfer.sent_for_approval", subject=row, money=row.money)
    outbox.publish("transfer.waiting", {"transfer": row.pk})
    return row


@deed
def text_code(transfer: Transfer, *, at: datetime, actor: Actor) -> None:
    """
    This will text a signatory the code that authorises their signature under exactly these details.

    :raises MadeByYou: NotYourRole or SignedAlready, if they may not sign it.
    :raises DraftExpired: or DraftChanged, if it no longer waits.
    :raises FactorTooNew: if phone, e-mail or app changed within a day.
    :raises CodeTooSoon: if the last code is younger than 60 seconds.
    """
    member = _signer(transfer, at=at, actor=actor)
    queries.way_open(transfer, at=at, user=member.customer.user)
    secrets.text_code(transfer, user=member.customer.user, at=at)
    audit.record(actor=actor, deed="transfer.code_texted", subject=transfer)


def ask_passkey(transfer: Transfer, *, host: str, at: datetime, actor: Actor) -> dict:
    """
    This will give what the browser asks a signatory's passkeys, to sign exactly these details.

    :raises MadeByYou: and the other refusals of `text_code` that are not of texting.
    """
    member = _signer(transfer, at=at, actor=actor)
    return secrets.ask_passkey(transfer, user=member.customer.user, host=host, at=at)


def approve(
    transfer: Transfer, *, seen: str, secret: Secret, at: datetime, actor: Actor
) -> Decided:
    """
    This will sign a payment with the PIN, code or passkey of one signatory, and pay it with the
    last signature. `seen` is the digest of what was shown. Who signed already only pays, if that is
    due.

    What would be refused at paying is refused before the signature; if the money goes in between,
    the signature stays and the payment waits.

    :raises IntentChanged: if it is not what was shown.
    :raises MadeByYou: if the actor made it, and the mandate does not count makers.
    :raises NotYourRole: or SignedAlready, if they may not sign it for another reason.
    :raises DraftExpired: or DraftChanged, if it no longer waits.
    :raises NotEnoughMoney: and the other refusals of `transfers.checks`.
    :raises WrongPin: or WrongCode, WrongPasskey and others of accounts.access.
    """
    transfer.refresh_from_db()
    if transfer.is_sent:
        standing = queries.signatures_of(transfer)
        return Decided(transfer, standing, is_replay=True)
    if queries.intent_digest(transfer) != seen:
        raise IntentChanged
    member = _signer(transfer, at=at, actor=actor)
    _look(transfer, at=at)

    if not _has_signed(transfer, member):
        _sign(transfer, member, secret=secret, seen=seen, at=at, actor=actor)
    standing = queries.signatures_of(transfer)
    if not standing.is_enough:
        return Decided(transfer, standing)
    sent = transfers.send(transfer, at=at, actor=actor)
    return Decided(sent.transfer, standing, is_replay=sent.is_replay)


@deed
def reject(transfer: Transfer, *, seen: str, reason: str, at: datetime, actor: Actor) -> Transfer:
    """
    This will turn a payment down for good, with a reason that its maker reads. One no is enough.

    :raises ReasonMissing: without a reason.
    :raises IntentChanged: MadeByYou, NotYourRole or SignedAlready, as `approve`.
    :raises DraftExpired: or DraftChanged, if it no longer waits.
    """
    row = _locked(transfer)
    if queries.intent_digest(row) != seen:
        raise IntentChanged
    member = _signer(row, at=at, actor=actor)
    mandates.turn_down(
        row.business,
        intent=queries.intent_of(row),
        intent_digest=seen,
        money=row.total,
        signer=member.customer,
        reason=reason,
        at=at,
        actor=actor,
    )
    LIFECYCLE.move(row, to=TransferState.REJECTED, updated_at=at)
    audit.record(actor=actor, deed="transfer.rejected", subject=row, reason=reason)
    outbox.publish("transfer.rejected", {"transfer": row.pk})
    return row


def cancel(transfer: Transfer, *, at: datetime, actor: Actor) -> None:
    """
    This will take a payment back that was not paid yet; whoever prepares payments may.

    :raises NotYourRole: if the actor does not.
    :raises AlreadySent: if it was paid.
    """
    businesses.membership(actor, transfer.business).must(Role.MAKER)
    transfers.cancel(transfer, at=at, actor=actor)


def _sign(transfer, member: Membership, *, secret, seen, at, actor) -> None:
    user = member.customer.user
    try:
        way = secrets.check(transfer, user=user, secret=secret, at=at, actor=actor)
    except CodeExpired:
        text_code(transfer, at=at, actor=actor)
        raise
    _keep(transfer, signer=member.customer, way=way, seen=seen, at=at, actor=actor)


@deed
def _keep(transfer, *, signer, way, seen, at, actor) -> None:
    row = _locked(transfer)  # It is signed as it stands, or it is not signed.
    _signer(row, at=at, actor=actor)
    if queries.intent_digest(row) != seen:
        raise IntentChanged
    mandates.sign(
        row.business,
        intent=queries.intent_of(row),
        intent_digest=seen,
        money=row.total,
        signer=signer,
        way=way,
        at=at,
        actor=actor,
    )


def _signer(transfer: Transfer, *, at: datetime, actor: Actor) -> Membership:
    """Who acts, if they may sign this payment or have signed it, and it still waits."""
    if transfer.is_draft:
        raise NotSentForApproval
    transfers.check_held(transfer, at=at)
    member = businesses.membership(actor, transfer.business)
    mandates.check_may_sign(
        transfer.business,
        queries.signatures_of(transfer),
        signer=member.customer,
        maker=transfer.customer_id,
    )
    return member


def _has_signed(transfer: Transfer, member: Membership) -> bool:
    signed = queries.signatures_of(transfer).signed
    return any(person.pk == member.customer.pk for person in signed)


def _look(transfer: Transfer, *, at: datetime) -> None:
    payee = Payee(transfer.target, transfer.payee_name, transfer.payee_reached_by)
    checks.look(
        source=transfer.source,
        payee=payee,
        money=transfer.money,
        fee=transfer.fee_money,
        at=at,
    )


def _locked(transfer: Transfer) -> Transfer:
    Transfer.objects.select_for_update().get(pk=transfer.pk)
    return queries.of_business(transfer.business, public_id=transfer.public_id)
