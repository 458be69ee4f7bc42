"""Placing, releasing and expiring holds; an entry takes from one by `journal.post(takes=…)`."""

from datetime import date, datetime

from django.db import connection

from ledger.chart.models import LedgerAccount
from ledger.holds.models import Hold
from ledger.holds.states import HoldKind
from ledger.journal.lines import Audit, Event, as_audit, as_outbox
from ledger.money import Money
from ledger.refusals import (
    AccountClosed,
    AccountFrozen,
    ExpiryPassed,
    HoldEnded,
    InsufficientFunds,
    NoSuchHold,
    ReferenceReused,
    translated,
)
from wekeza.kit.actor import Actor
from wekeza.kit.failpoints import failpoint

__all__ = [
    "AccountClosed",
    "AccountFrozen",
    "ExpiryPassed",
    "HoldEnded",
    "InsufficientFunds",
    "NoSuchHold",
    "ReferenceReused",
    "expire",
    "place",
    "release",
]


def place(
    *,
    owner: str,
    reference: str,
    account: LedgerAccount,
    kind: HoldKind,
    money: Money,
    reason: str,
    actor: Actor,
    at: datetime,
    expires_on: date | None = None,
    source: str = "",
    audit: list[Audit] | None = None,
    outbox: list[Event] | None = None,
) -> Hold:
    """
    This will hold an amount of an account, in its currency, or give back the hold that `owner`
    already placed under `reference` from the same facts, however it ended.

    `expires_on` is the last business date on which it stands; the close of that day ends it.
    `reason` is what the account's holder reads. A CHEQUE, LIEN or COURT hold stands on a frozen
    account too, and the last two may hold what is below the account's minimum.

    :raises InsufficientFunds: if less is available.
    :raises AccountFrozen: if the account pays nothing out now.
    :raises AccountClosed: if it is closed.
    :raises ExpiryPassed: if `expires_on` is before the business date.
    :raises ReferenceReused: if the reference stands for other facts.
    """
    arguments = [
        owner, reference, account.pk, kind, money.amount, money.currency, reason, expires_on, at,
        str(actor), source, as_audit(audit or [Audit("hold.placed")]), as_outbox(outbox),
    ]  # fmt: skip
    hold_id = _call("(ledger_hold_place", arguments, ").hold_id")
    return Hold.objects.get(pk=hold_id)


def release(
    hold: Hold,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    audit: list[Audit] | None = None,
    outbox: list[Event] | None = None,
) -> Hold:
    """
    This will give back what a hold still holds, on today's business date.

    :raises HoldEnded: if it was taken, released or has expired.
    :raises NoSuchHold: if there is none.
    """
    arguments = [
        hold.pk, at, str(actor), reason, as_audit(audit or [Audit("hold.released")]),
        as_outbox(outbox),
    ]  # fmt: skip
    _call("ledger_hold_release", arguments)
    hold.refresh_from_db()
    return hold


def expire(*, day: date, first: int, last: int, actor: Actor, at: datetime) -> int:
    """
    This will end the open holds of a range of ids whose last business date is `day` or before, and
    give their number; a second run ends none.
    """
    return _call("ledger_holds_expire", [day, first, last, at, str(actor)])


def _call(function: str, arguments: list, rest: str = ""):
    marks = ", ".join(["%s"] * len(arguments))
    with translated(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({marks}){rest}", arguments)  # noqa: S608 - names of ours.
        failpoint(f"hold.{function.strip('(').removeprefix('ledger_')}")
        return cursor.fetchone()[0]
