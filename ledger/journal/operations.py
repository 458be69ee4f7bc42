"""The one Python door to the books. Each call is one database round trip."""

from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple

from ledger.journal import writing
from ledger.journal.lines import (
    Audit,
    BatchLine,
    Count,
    Event,
    Line,
    Taking,
    as_audit,
    as_count,
    as_json,
    as_outbox,
)
from ledger.refusals import (
    AccountClosed,
    AccountFrozen,
    AlreadyReversed,
    HoldEnded,
    HoldTooSmall,
    InsufficientFunds,
    LimitExceeded,
    MaximumBalance,
    ReferenceReused,
    Unbalanced,
    ValueDateNotOpen,
    as_facts,
    refusal_for,
)
from wekeza.kit.actor import Actor
from wekeza.kit.errors import Refusal
from wekeza.kit.states import Step

__all__ = [
    "AccountClosed",
    "AccountFrozen",
    "AlreadyReversed",
    "BatchPosted",
    "HoldEnded",
    "HoldTooSmall",
    "InsufficientFunds",
    "LimitExceeded",
    "MaximumBalance",
    "Posted",
    "ReferenceReused",
    "Unbalanced",
    "ValueDateNotOpen",
    "post",
    "post_batch",
    "reverse",
]


MOST_LINES = 20_000  # Of a batch: its accounts are locked while it is worked out.
_BY_ACCOUNT = attrgetter("account_id")  # The order in which accounts are locked.


class Posted(NamedTuple):
    """What became of an entry: its id, the business date that took it, and whether it stood."""

    entry_id: int
    business_date: date
    is_replay: bool


class BatchPosted(NamedTuple):
    """
    What became of a batch: an entry id or None for each line, in their order, and why a line has
    none, by the number of the line from 1.
    """

    batch_id: int
    business_date: date
    is_replay: bool
    entry_ids: list[int | None]
    refusals: dict[int, Refusal]


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
    takes: Taking | None = None,
    is_below_minimum: bool = False,
    settles: Step | None = None,
) -> Posted:
    """
    This will write one balanced entry, or give back the one that `owner` already wrote under
    `reference` from the same facts (kind, value date, memo, lines).

    Every currency balances by itself. `at` is when the asker acted; the business date is the open
    one; interest counts from `value_date`, that date unless given. All or nothing (LG18, LG09).

    `takes` names a hold: what the lines take from its account, they take from the hold.
    `is_below_minimum` is for closures, courts, fees of the bank and the collection of loans.

    `settles` moves the deed's row and gives it the entry's id, in the same statement.

    :raises InsufficientFunds: if a customer's account would go below what is available.
    :raises MaximumBalance: if a customer's account would hold more than it may.
    :raises LimitExceeded: if a count would pass its cap.
    :raises AccountFrozen: or AccountClosed, if an account takes no such side now, or never again.
    :raises ReferenceReused: if the reference stands for other facts.
    :raises ValueDateNotOpen: if the value date is later than the business date, or closed.
    :raises HoldEnded: or HoldTooSmall, if the hold has ended or holds less than the lines take.
    :raises Unbalanced: if the lines are no entry; that is a bug of the caller.
    :raises LostRace: if the row to settle no longer is what its reader saw.
    :raises OutcomeUnknown: outside of a transaction, if the server never answered.
    """
    arguments = [
        owner, reference, kind, value_date and value_date.isoformat(), at.isoformat(), str(actor),
        memo, source, branch, receipt_no, *_columns(lines), _counts(counts), as_audit(audit),
        as_outbox(outbox), takes and str(takes.hold_id), takes and _flag(takes.keeps_rest),
        _flag(is_below_minimum),
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
        as_audit(audit), as_outbox(outbox),
    ]  # fmt: skip
    return _posted(writing.reverse(arguments))


def post_batch(
    *,
    owner: str,
    reference: str,
    kind: str,
    lines: list[BatchLine],
    actor: Actor,
    at: datetime,
    is_partial: bool = False,
    value_date: date | None = None,
    source: str = "",
    branch: str = "001",
    audit: list[Audit] | None = None,
    outbox: list[Event] | None = None,
) -> BatchPosted:
    """
    This will write an entry for each line in one call, at most 20,000 of one currency: all or none,
    or with `is_partial` those that are possible. Each line meets what the lines before it left, as
    if they were posted one after the other. Asked again by the same reference it gives the first
    result. The entry of line n stands under the reference `{reference}#n`.

    Dates are as in `post`. All or none raises the refusal of the first line that is refused, with
    its number as fact `line`: InsufficientFunds, MaximumBalance, LimitExceeded, AccountFrozen,
    AccountClosed.

    :raises ReferenceReused: if the reference stands for other facts.
    :raises ValueDateNotOpen: if the value date is later than the business date, or closed.
    :raises Unbalanced: if a line is no entry, or they are of two currencies; a bug of the caller.
    """
    currencies = {line.money.currency for line in lines}
    if len(currencies) != 1 or len(lines) > MOST_LINES:
        raise Unbalanced(f"{len(lines)} lines in {currencies or 'no currency'}")
    arguments = [
        owner, reference, kind, value_date, at, str(actor), source, branch, currencies.pop(),
        [line.debit_id for line in lines], [line.credit_id for line in lines],
        [line.money.amount for line in lines], [line.memo for line in lines],
        [line.receipt_no for line in lines], _counts_of_lines(lines), is_partial, as_audit(audit),
        as_outbox(outbox),
    ]  # fmt: skip
    batch_id, day, is_replay, entry_ids, refused = writing.post_batch(arguments)
    refusals = {
        int(one["line"]): refusal_for(one["code"], one["facts"]) for one in as_facts(refused)
    }
    return BatchPosted(batch_id, day, is_replay, entry_ids, refusals)


def _counts_of_lines(lines: list[BatchLine]) -> str | None:
    counts = [
        {"line": number} | as_count(count)
        for number, line in enumerate(lines, 1)
        for count in line.counts
    ]
    return as_json(counts) if counts else None


def _flag(value: bool) -> str:
    return "t" if value else "f"


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


def _counts(counts: list[Count] | None) -> str | None:
    return as_json(map(as_count, counts)) if counts else None
