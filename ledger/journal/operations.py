"""The one Python door to the books. Each call is one database round trip."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from operator import attrgetter

from ledger.journal.lines import Audit, Count, Event, Line
from ledger.journal.wire import Call, round_trip
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


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of an entry: its id, the business date that took it, and whether it stood."""

    entry_id: int
    business_date: date
    is_replay: bool


_POST = Call.of("ledger_post", 17)
_REVERSE = Call.of("ledger_reverse", 9)


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
) -> Posted:
    """
    This will write one balanced entry, or give back the one that `owner` already wrote under
    `reference` from the same facts (kind, value date, memo, lines).

    Amounts are in each line's currency and every currency balances by itself. `at` is when the
    asker acted; the business date is the bank's open one; interest counts from `value_date`, the
    business date unless given. All or nothing: a refusal leaves no trace (LG18, LG09).

    :raises InsufficientFunds: if a customer's account would go below what is available.
    :raises MaximumBalance: if a customer's account would hold more than it may.
    :raises LimitExceeded: if a count would pass its cap.
    :raises AccountFrozen: if an account takes no such side now.
    :raises AccountClosed: if an account is closed.
    :raises ReferenceReused: if the reference stands for other facts.
    :raises ValueDateNotOpen: if the value date is later than the business date, or closed.
    :raises Unbalanced: if the lines are no entry; that is a bug of the caller.
    """
    lines = sorted(lines, key=attrgetter("account_id"))
    _check_balanced(lines)
    arguments = [
        owner, reference, kind, _moment(value_date), _moment(at), str(actor), memo, source, branch,
        receipt_no,
        _array([line.account_id for line in lines]),
        _array([line.side for line in lines]),
        _array([line.money.amount for line in lines]),
        _array([line.money.currency for line in lines]),
        _json(counts),
        _json(audit, deed="deed", subject="subject", detail="detail"),
        _json(outbox, name="event", payload="payload"),
    ]  # fmt: skip
    return _posted(round_trip(_POST, arguments))


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
        str(entry_id), owner, reference, _moment(at), str(actor), memo, receipt_no,
        _json(audit, deed="deed", subject="subject", detail="detail"),
        _json(outbox, name="event", payload="payload"),
    ]  # fmt: skip
    return _posted(round_trip(_REVERSE, arguments))


def _check_balanced(lines: list[Line]) -> None:
    # The database checks this again; here the programmer sees his own line numbers.
    net = {}
    for line in lines:
        signed = line.money.amount if line.side == "DEBIT" else -line.money.amount
        net[line.money.currency] = net.get(line.money.currency, 0) + signed
    if len(lines) < 2 or any(net.values()):
        raise Unbalanced(f"debits less credits: {net}")


def _posted(row: list[str]) -> Posted:
    entry_id, business_date, is_replay = row
    return Posted(int(entry_id), date.fromisoformat(business_date), is_replay == "t")


def _moment(value: date | None) -> str | None:
    return value and value.isoformat()


def _array(values: list) -> str:
    # Ids, sides, decimals and currency codes need no quoting, and one text is cheap to send.
    return "{" + ",".join(map(str, values)) + "}"


def _json(rows: list | None, **names: str) -> str | None:
    if not rows:
        return None
    dicts = [asdict(row) for row in rows]
    if names:
        dicts = [{names[key]: value or None for key, value in row.items()} for row in dicts]
    return json.dumps(dicts, default=str)
