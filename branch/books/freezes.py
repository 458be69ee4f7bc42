"""
Accounts that the books stopped by themselves, and how two persons let one go on.

The watch stops whoever a fault names; a reversal stops whom it took below zero. What stopped an
account for another reason (a suspended customer, say) ends where it began, not here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from branch.books import queries
from ledger.approvals import operations as approvals
from ledger.approvals import queries as approval_queries
from ledger.approvals.models import Approval
from ledger.approvals.operations import Change
from ledger.chart import operations as chart
from ledger.chart.models import LedgerAccount
from ledger.controls import audit
from ledger.controls.models import AuditEntry
from ledger.money import Money
from ledger.proofs import monitor
from ledger.vouchers.operations import OVERDRAWN
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction
from wekeza.kit.errors import Refusal

DEED = "books.lift_freeze"
REASONS = tuple(reason.partition("{")[0] for reason in (monitor.STOPPED, OVERDRAWN))
MOST_FAULTS = 5  # Of one account, in what is shown.


class NotStopped(Refusal):
    code = "not_stopped"
    status = 409
    text = "The books did not stop account {code}, or it goes on already. Nothing was changed."


class FaultStands(Refusal):
    """Facts: code; fault, as the last round of the proofs tells it."""

    code = "fault_stands"
    status = 409
    text = "The fault still stands: {fault}. Account {code} stays stopped until the books hold."


class StillBelowZero(Refusal):
    """Facts: code; short, by how much its balance less its holds is below zero."""

    code = "still_below_zero"
    status = 409
    text = (
        "Account {code} is {short} below zero. It takes money in: let it be made good, or book the "
        "loss with a voucher, and ask then."
    )


class HolderSuspended(Refusal):
    code = "holder_suspended"
    status = 409
    text = "The holder of account {code} is suspended. That is lifted first, in the holder’s file."


@dataclass(frozen=True, slots=True)
class Freeze:
    """
    An account that the books stopped: why, since when, what it lets through, and what keeps it.
    `short` is by how much its balance less its holds is below zero; what is in it is the file's.
    """

    account: LedgerAccount
    short: Money
    overdraft: Money
    takes_credits: bool
    since: datetime | None
    faults: list[str]

    @property
    def reason(self) -> str:
        return self.account.freeze_reason

    @property
    def stops(self) -> str:
        """What is stopped, in words."""
        return "Money out" if self.takes_credits else "Money out and in"


def stopped() -> QuerySet[LedgerAccount]:
    """This will give the accounts that the books stopped and nobody let go on."""
    ours = Q()
    for reason in REASONS:
        ours |= Q(freeze_reason__startswith=reason)
    shut = Q(balances__takes_debits=False) | Q(balances__takes_credits=False)
    return LedgerAccount.objects.filter(ours, shut, is_guarded=True, closed_date=None).order_by(
        "-updated_at", "code"
    )


def is_told_of(account: LedgerAccount) -> bool:
    """This will tell whether the books stopped an account, or somebody asked that it goes on."""
    is_stopped = stopped().filter(pk=account.pk).exists()
    return is_stopped or approval_queries.waiting_for(account, DEED).exists()


def freezes_of(accounts: Iterable[LedgerAccount]) -> list[Freeze]:
    """This will tell how some stopped accounts stand."""
    accounts = list(accounts)
    names = {audit.subject_of(account): account.pk for account in accounts}
    rows = AuditEntry.objects.filter(subject__in=names, deed="ledger_account.frozen")
    since = {names[row.subject]: row.recorded_at for row in rows.order_by("pk")}
    return [_freeze_of(account, since.get(account.pk)) for account in accounts]


@transaction.atomic
def ask_lift(account: LedgerAccount, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person to let an account go on that the books stopped. Nobody asks or
    decides about an account of their own.

    :raises NotStopped: if the books did not stop it, or it goes on already.
    :raises FaultStands: if the last round of the proofs still names it.
    :raises StillBelowZero: if a reversal took it below zero, and it is there still.
    :raises HolderSuspended: if its holder is suspended.
    :raises MayNotAsk: and the other refusals of approvals.
    """
    freeze = _check(account)
    changes = [Change(f"{freeze.stops} stopped", freeze.reason, "Goes on")]
    if freeze.overdraft:
        changes.append(Change("Overdraft", str(freeze.overdraft), "None"))
    return approvals.propose(
        deed=DEED,
        subject=account,
        payload={"account": account.pk, "stopped_for": freeze.reason},
        changes=changes,
        impact=f"Account {account.code} can be used again",
        about=queries.persons_of([account]),
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def lift(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> None:
    """
    This will let an account pay and receive again, on what holds now; the approved deed
    `books.lift_freeze`. The overdraft that a reversal gave it is taken back.

    :raises NotStopped: if it goes on already, or is stopped for another reason by now.
    :raises FaultStands: or StillBelowZero, HolderSuspended, as `ask_lift`.
    """
    account = LedgerAccount.objects.get(pk=payload["account"])
    freeze = _check(account)
    if freeze.reason != payload["stopped_for"]:
        raise NotStopped(code=account.code)

    if freeze.overdraft:
        standing = account.standing
        chart.set_terms(
            account,
            maximum=standing.maximum,
            overdraft=Decimal(0),
            minimum=standing.minimum,
            actor=actor,
        )
    chart.unfreeze(account, reason=f"Lifted: {freeze.reason}"[:140], actor=actor)
    audit.record(
        actor=actor, deed="books.freeze_lifted", subject=account, was=freeze.reason,
        asked_by=approval.maker, why=approval.reason,
    )  # fmt: skip


def _check(account: LedgerAccount) -> Freeze:
    if not stopped().filter(pk=account.pk).exists():
        raise NotStopped(code=account.code)
    [freeze] = freezes_of([account])
    if freeze.faults:
        raise FaultStands(code=account.code, fault=freeze.faults[0])
    if freeze.short:
        raise StillBelowZero(code=account.code, short=freeze.short)
    held = queries.holder_of(account)
    if held is not None and held.holder.is_suspended:
        raise HolderSuspended(code=account.code)
    return freeze


def _freeze_of(account: LedgerAccount, since: datetime | None) -> Freeze:
    standing = account.standing
    return Freeze(
        account=account,
        short=Money.rounded(max(standing.held - standing.balance, Decimal(0)), account.currency_id),
        overdraft=Money.rounded(standing.overdraft, account.currency_id),
        takes_credits=standing.takes_credits,
        since=since,
        faults=monitor.still_broken(account)[:MOST_FAULTS],
    )
