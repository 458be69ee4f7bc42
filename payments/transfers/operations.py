"""
Sending money inside the bank: a draft that the customer checks, its authorisation, and the deed.

The draft is the intent. It is authorised as it was shown and is sent once: an edit cancels it and
makes another, whose code is another.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from accounts.access import challenges
from accounts.access.refusals import CodeExpired
from accounts.access.signing import SignedBefore
from accounts.businesses import queries as business_queries
from accounts.deposits.models import DepositAccount, ReachedBy
from accounts.deposits.queries import Payee
from accounts.tariffs import queries as tariffs
from accounts.tariffs.queries import Fee
from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.chart.models import Side
from ledger.controls import audit
from ledger.controls.audit import subject_of
from ledger.journal import operations as journal
from ledger.journal.lines import Audit, Event, Line, credit
from ledger.money import Money
from ledger.refusals import ReferenceReused
from payments.transfers import checks, queries, secrets
from payments.transfers.models import Transfer
from payments.transfers.refusals import (
    AlreadySent,
    CustomerNotActive,
    DraftChanged,
    DraftExpired,
    NotAuthorised,
)
from payments.transfers.secrets import Secret
from payments.transfers.states import LIFECYCLE, TransferState
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed, deed_in_one_statement, inside_transaction
from wekeza.kit.failpoints import failpoint
from wekeza.kit.states import LostRace, told
from wekeza.kit.words import clock, masked_account, masked_phone

HELD_FOR = timedelta(minutes=10)
TARIFF = "INTERNAL_TRANSFER"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a transfer: the row, and whether it had been sent before."""

    transfer: Transfer
    is_replay: bool


@deed
def draft(
    *,
    reference: UUID,
    source: DepositAccount,
    payee: Payee,
    money: Money,
    reason: str,
    at: datetime,
    actor: Actor,
    replaces: UUID | None = None,
) -> Transfer:
    """
    This will hold the details of a transfer for ten minutes, for the customer to check and
    authorise, and text the code that authorises them if a PIN is not enough. No money moves.

    `reference` is the form's own key: the same form twice gives the same draft. `replaces` is the
    draft that was edited; it is cancelled, and its code with it. Balance and limits are looked at
    here, to refuse early; they are decided again under the ledger's lock.

    :raises NotEnoughMoney: and the other refusals of `checks.look`.
    :raises FactorTooNew: if a PIN is not enough and what else there is changed within a day.
    :raises AlreadySent: if the draft that was edited had been sent.
    :raises ReferenceReused: if the form was used for something else.
    :raises CodeLocked: while too many wrong codes keep sending off.
    :raises NotYourRole: if a business would pay, and the actor does not prepare its payments.
    """
    customer = _maker(source, actor=actor)
    details = _details(source, payee, money=money, reason=reason)
    known = Transfer.objects.filter(customer=customer, reference=reference).first()
    if known is not None:
        return _of_same_details(known, details)
    fee = tariffs.fee_of(TARIFF, on=calendar.nairobi_date(at))
    checks.look(source=source, payee=payee, money=money, fee=fee.gross, at=at)

    facts = details | _terms(payee, fee=fee, at=at)
    transfer, is_new = Transfer.objects.get_or_create(
        customer=customer, reference=reference, defaults=facts
    )
    if not is_new:  # Another with this key came at the same moment.
        return _of_same_details(transfer, details)
    if replaces is not None:
        drop(_replaced(source, replaces, actor=actor), at=at, actor=actor)
    may_text = not source.business_id and not transfer.is_own
    if may_text and queries.way_open(transfer, at=at) == queries.Way.CODE:
        secrets.text_code(transfer, user=customer.user, at=at)

    audit.record(actor=actor, deed="transfer.drafted", subject=transfer, money=money)
    return transfer


def draft_or_move(*, source: DepositAccount, payee: Payee, at: datetime, actor: Actor, **details):
    """
    This will hold the details of a transfer as `draft` does, and give it. Between accounts of one
    customer nothing has to be authorised (kenya.md 7.1): the money moves at once. Refusals as of
    `draft` and `send`.
    """
    held = draft(source=source, payee=payee, at=at, actor=actor, **details)
    return move_own(held, at=at, actor=actor).transfer if held.is_own else held


def move_own(transfer: Transfer, *, at: datetime, actor: Actor) -> Sent:
    """
    This will send a draft between accounts of one customer, which nothing has to authorise
    (kenya.md 7.1). Refusals as of `send`.

    :raises NotAuthorised: if another customer would be paid.
    """
    if not transfer.is_own:
        raise NotAuthorised
    Transfer.objects.filter(pk=transfer.pk, state=TransferState.DRAFT, authorised_by="").update(
        authorised_by=Transfer.AuthorisedBy.OWN, updated_at=at
    )
    return send(transfer, at=at, actor=actor)


@deed
def text_new_code(transfer: Transfer, *, at: datetime, actor: Actor) -> None:
    """
    This will text another code for the same details; the earlier one stops working.

    :raises DraftExpired: if the details are no longer held.
    :raises DraftChanged: if they were edited, cancelled or sent already.
    :raises FactorTooNew: if phone, e-mail or app changed within a day.
    :raises CodeTooSoon: if the last code is younger than 60 seconds.
    :raises CodeLocked: while too many wrong codes keep sending off.
    """
    check_held(transfer, at=at)
    queries.way_open(transfer, at=at)
    secrets.text_code(transfer, user=transfer.customer.user, at=at)
    audit.record(actor=actor, deed="transfer.code_texted", subject=transfer)


@deed
def cancel(transfer: Transfer, *, at: datetime, actor: Actor) -> None:
    """
    This will drop a draft; its code stops working. One that was dropped before stays dropped.

    :raises AlreadySent: if it was sent before.
    """
    drop(transfer, at=at, actor=actor)


def authorise(transfer: Transfer, *, secret: Secret, at: datetime, actor: Actor) -> None:
    """
    This will check the PIN, code or passkey for exactly these details and mark them as authorised.
    Each check is a transaction of its own, so that a wrong try stays counted.

    :raises DraftExpired: if the details are no longer held.
    :raises DraftChanged: if they were edited or cancelled.
    :raises WrongPin: or WrongCode, WrongPasskey, CodeExpired, CodeLocked and others of
        accounts.access.
    """
    transfer.refresh_from_db(fields=["state", "held_until"])
    if transfer.is_sent:
        return
    check_held(transfer, at=at)

    way = secrets.check(transfer, user=transfer.customer.user, secret=secret, at=at, actor=actor)
    Transfer.objects.filter(pk=transfer.pk, state=TransferState.DRAFT).update(
        authorised_by=way, updated_at=at
    )


def authorise_and_send(transfer: Transfer, *, secret: Secret, at: datetime, actor: Actor) -> Sent:
    """
    This will check the PIN, code or passkey and send what it authorises. Refusals as of both; a
    code that is too old is replaced by a new one, which is texted.
    """
    try:
        authorise(transfer, secret=secret, at=at, actor=actor)
    except CodeExpired:
        text_new_code(transfer, at=at, actor=actor)
        raise
    except SignedBefore:  # By another tap, whose payment may stand already.
        transfer.refresh_from_db(fields=["state"])
        if not transfer.is_sent:
            raise
    failpoint("transfer.authorised")
    return send(transfer, at=at, actor=actor)


@deed_in_one_statement
def send(transfer: Transfer, *, at: datetime, actor: Actor) -> Sent:
    """
    This will move the money of an authorised draft, once; a second call gives the first outcome.

    The draft's row is locked before the ledger. Balance, limits (the Nairobi day and month of
    `at`), freezes and the payee's maximum are decided under the ledger's own lock; the row, the
    entry, the audit line and the event "transfer.paid" are one statement (LG18, MV35 to MV38).

    :raises NotAuthorised: if nothing stands behind it, or too few signatures of a business.
    :raises DraftExpired: if the details are no longer held.
    :raises DraftChanged: if they were edited or cancelled.
    :raises NotEnoughMoney: and the other refusals of `checks`, with their figures.
    """
    standing = queries.standing_of(transfer, day=calendar.nairobi_date(at))
    transfer.state, transfer.held_until = standing.state, standing.held_until
    transfer.authorised_by = standing.authorised_by
    if transfer.is_sent:
        return _sent_before(transfer)
    check_held(transfer, at=at)
    if not _is_authorised(transfer):
        raise NotAuthorised
    checks.look_once_more(transfer, standing)

    subject, receipt_no = subject_of(transfer), transfer.future_receipt_no
    facts = {"receipt_no": receipt_no, "paid_at": at, "updated_at": at}
    facts |= {"authorised_by": queries.Way.SIGNATURES} if transfer.business_id else {}
    try:
        with refused_in_our_words(transfer, at=at):
            posted = journal.post(
                owner=transfer.owner_ref,
                reference=f"transfer:{transfer.public_id}",
                kind=TARIFF,
                lines=_lines(transfer),
                actor=actor,
                at=at,
                memo=transfer.reason,
                source=subject,
                branch=transfer.source.branch,
                receipt_no=receipt_no,
                counts=checks.counts_of(transfer, caps=standing.caps, at=at),
                audit=[Audit("transfer.paid", subject, {"money": str(transfer.money)})],
                outbox=[Event("transfer.paid", {"transfer": transfer.pk})],
                settles=LIFECYCLE.step(transfer, to=TransferState.PAID, **facts),
            )
    except LostRace:  # Another tap was first, or the customer cancelled meanwhile.
        return _sent_before(transfer)
    told(transfer, to=TransferState.PAID, entry_id=posted.entry_id, **facts)
    return Sent(transfer, is_replay=False)


def _sent_before(transfer: Transfer) -> Sent:
    transfer.refresh_from_db(
        fields=["state", "authorised_by", "entry_id", "receipt_no", "paid_at", "updated_at"]
    )
    if not transfer.is_sent:
        raise DraftChanged
    return Sent(transfer, is_replay=True)


@contextmanager
def refused_in_our_words(transfer: Transfer, *, at: datetime):
    """This will turn the ledger's refusals of a transfer into words that its payer may read."""
    try:
        yield
    except journal.InsufficientFunds as refusal:
        raise checks.not_enough(
            refusal.facts, money=transfer.money, fee=transfer.fee_money
        ) from refusal
    except journal.LimitExceeded as refusal:
        raise checks.over_limit(
            refusal.facts["kind"], left=refusal.facts["left"], at=at
        ) from refusal
    except journal.MaximumBalance as refusal:
        raise checks.cannot_take(transfer.payee_name, transfer.money) from refusal
    except (journal.AccountFrozen, journal.AccountClosed) as refusal:
        if refusal.facts["code"] != transfer.source.number:
            raise checks.cannot_take(transfer.payee_name, transfer.money) from refusal
        raise checks.source_shut(transfer.source, refusal) from refusal


def _maker(source: DepositAccount, *, actor: Actor):
    """Who orders it: the holder, or the member who prepares the payments of a business."""
    if not source.business_id:
        return source.customer
    member = business_queries.membership(actor, source.business)
    member.must(business_queries.Role.MAKER)
    if not member.customer.is_active:
        raise CustomerNotActive
    return member.customer


def _replaced(source: DepositAccount, public_id: UUID, *, actor: Actor) -> Transfer:
    if source.business_id:
        return queries.of_business(source.business, public_id=public_id)
    return queries.draft_by(actor, public_id=public_id)


def _is_authorised(transfer: Transfer) -> bool:
    """By PIN, code or passkey; of a business by as many signatories as its mandate asks for now."""
    if not transfer.business_id:
        return bool(transfer.authorised_by)
    return transfer.is_waiting and queries.signatures_of(transfer).is_enough


def _details(source, payee, *, money: Money, reason: str) -> dict:
    """What the customer typed: the facts for which a reference stands."""
    return {
        "business_id": source.business_id,
        "source": source,
        "target": payee.account,
        "payee_reached_by": payee.reached_by,
        "amount": money.amount,
        "currency": money.currency,
        "reason": reason,
    }


def _shown(payee) -> str:
    if payee.reached_by == ReachedBy.PHONE:
        return masked_phone(payee.account.customer.user.phone)
    return masked_account(payee.account.number)


def _of_same_details(transfer: Transfer, details: dict) -> Transfer:
    if any(getattr(transfer, name) != value for name, value in details.items()):
        raise ReferenceReused(reference=str(transfer.reference))
    return transfer


def _terms(payee, *, fee: Fee, at: datetime) -> dict:
    """What the bank adds and shows. The fee is frozen here: what is signed is what is booked."""
    return {
        "payee_name": payee.name,
        "payee_shown": _shown(payee),
        "fee": fee.gross.amount,
        "fee_duty": fee.duty.amount,
        "requested_at": at,
        "held_until": at + HELD_FOR,
    }


def check_held(transfer: Transfer, *, at: datetime) -> None:
    """
    This will let pass what can still become a payment.

    :raises DraftExpired: if the details are no longer held.
    :raises DraftChanged: if they were edited, cancelled, rejected or sent already.
    """
    if not transfer.is_open:
        raise DraftChanged
    if at >= transfer.held_until:
        raise DraftExpired(until=clock(transfer.held_until))


@inside_transaction
def drop(transfer: Transfer, *, at: datetime, actor: Actor) -> None:
    """
    This will cancel a draft inside the deed that makes it pointless.

    :raises AlreadySent: if it was sent before.
    """
    row = Transfer.objects.select_for_update().get(pk=transfer.pk)
    if row.is_sent:
        raise AlreadySent(clock=clock(row.paid_at), receipt_no=row.receipt_no)
    if not row.is_open:
        return
    LIFECYCLE.move(row, to=TransferState.CANCELLED, updated_at=at)
    challenges.void(intent=queries.intent_of(row))
    audit.record(actor=actor, deed="transfer.cancelled", subject=row)


def _lines(row: Transfer) -> list[Line]:
    source, target = row.source.ledger_account_id, row.target.ledger_account_id
    lines = [
        Line(Side.DEBIT.value, source, row.money),
        Line(Side.CREDIT.value, target, row.money),
    ]
    if row.fee_money:
        lines += [
            Line(Side.DEBIT.value, source, row.fee_money),
            credit(chart.line("4110"), row.fee_money - row.duty_money),
        ]
        lines += [credit(chart.line("2210"), row.duty_money)] if row.duty_money else []
    return lines
