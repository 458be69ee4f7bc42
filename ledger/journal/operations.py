"""The one Python door to the books. Each call is one database round trip."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple

from ledger.journal import writing
from ledger.journal.lines import Audit, Count, Event, Line
from ledger.refusals import (
    AccountClosed,
    AccountFrozen,
    AlreadyReversed,
    InsufficientFunds,
    LimitExceeded,
    MaximumBalance,
    ReferenceReused,
    Unbalanced,
    ValueDateNotOpen,
)
from wekeza.kit.actor import Actor
from wekeza.kit.states import Step

__all__ = [
    "AccountClosed",
    "AccountFrozen",
    "AlreadyReversed",
    "InsufficientFunds",
    "LimitExceeded",
    "MaximumBalance",
    "Posted",
    "ReferenceReused",
    "Unbalanced",
    "ValueDateNotOpen",
    "post",
    "reverse",
]


_BY_ACCOUNT = attrgetter("account_id")  # The order in which accounts are locked.


class Posted(NamedTuple):
    """What became of an entry: its id, the business date that took it, and whether it stood."""

    entry_id: int
    business_date: date
    is_replay: bool


def post(
    *,
    owner: str,
    reference: str,
    kind: str,
    lines: list[Line],
    actor: Actor,
    at: datetime,
    value_date: date | None = None,
    memo: str = "",
    source: str = "",
    branch: str = "001",
    receipt_no: str = "",
    counts: list[Count] | None = None,
    audit: list[Audit] | None = None,
    outbox: list[Event] | None = None,
    settles: Step | None = None,
) -> Posted:
    """
    This will write one balanced entry, or give back the one that `owner` already wrote under
    `reference` from the same facts (kind, value date, memo, lines).

    Amounts are in each line's currency and every currency balances by itself. `at` is when the
    asker acted; the business date is the bank's open one; interest counts from `value_date`, the
    business date unless given. All or nothing: a refusal leaves no trace (LG18, LG09).

    `settles` moves the deed's row and gives it the entry's id, in the same statement; the row is
    locked before the books. Outside of a transaction that is the whole deed.

    :raises InsufficientFunds: if a customer's account would go below what is available.
    :raises MaximumBalance: if a customer's account would hold more than it may.
    :raises LimitExceeded: if a count would pass its cap.
    :raises AccountFrozen: if an account takes no such side now.
    :raises AccountClosed: if an account is closed.
    :raises ReferenceReused: if the reference stands for other facts.
    :raises ValueDateNotOpen: if the value date is later than the business date, or closed.
    :raises Unbalanced: if the lines are no entry; that is a bug of the caller.
    :raises LostRace: if the row to settle no longer is what its reader saw.
    :raises OutcomeUnknown: outside of a transaction, if the server never answered.
    """
    arguments = [
        owner, reference, kind, value_date and value_date.isoformat(), at.isoformat(), str(actor),
        memo, source, branch, receipt_no, *_columns(lines), _counts(counts), _audit(audit),
        _outbox(outbox),
    ]  # fmt: skip
    return _posted(writing.post(arguments, settles=settles))


def reverse(
    entry_id: int,
    *,
    owner: str,
    reference: str,
    actor: Actor,
    at: datetime,
    memo: str,
    receipt_no: str = "",
    audit: list[Audit] | None = None,
    outbox: list[Event] | None = None,
) -> Posted:
    """
    This will write the mirror of an entry, once; the original stays and stays counted.

    What the entry took from limits goes back to the period it was taken from. The mirror is booked
    and valued on today's business date.

    :raises AlreadyReversed: if a mirror exists, or the entry is one.
    :raises InsufficientFunds: if an account no longer holds what the mirror takes away.
    :raises AccountFrozen: if an account takes no such side now.
    :raises AccountClosed: if an account is closed.
    :raises NoSuchEntry: if there is no such entry.
    """
    arguments = [
        str(entry_id), owner, reference, at.isoformat(), str(actor), memo, receipt_no,
        _audit(audit), _outbox(outbox),
    ]  # fmt: skip
    return _posted(writing.reverse(arguments))


def _columns(lines: list[Line]) -> list[str]:
    # Ids, sides, decimals and currency codes need no quoting, and one text is cheap to send.
    lines = sorted(lines, key=_BY_ACCOUNT)
    moneys = [line.money for line in lines]
    return [
        f"{{{','.join([str(line.account_id) for line in lines])}}}",
        f"{{{','.join([line.side for line in lines])}}}",
        f"{{{','.join([str(money.amount) for money in moneys])}}}",
        f"{{{','.join([money.currency for money in moneys])}}}",
    ]


def _posted(row: list[str]) -> Posted:
    entry_id, business_date, is_replay = row
    return Posted(int(entry_id), date.fromisoformat(business_date), is_replay == "t")


# Written by hand: dataclasses.asdict copies every value deeply, which a payment cannot afford.
def _counts(counts: list[Count] | None) -> str | None:
    if not counts:
        return None
    return _json(
        {
            "owner_ref": count.owner_ref,
            "kind": count.kind,
            "period_start": count.period_start.isoformat(),
            "amount": str(count.amount),
            "cap": None if count.cap is None else str(count.cap),
        }
        for count in counts
    )


def _audit(audit: list[Audit] | None) -> str | None:
    if not audit:
        return None
    return _json(
        {"deed": line.deed, "subject": line.subject or None, "detail": line.detail}
        for line in audit
    )


def _outbox(outbox: list[Event] | None) -> str | None:
    if not outbox:
        return None
    return _json({"event": event.name, "payload": event.payload} for event in outbox)


def _json(rows: Iterable[dict]) -> str:
    return json.dumps(list(rows), default=str)
