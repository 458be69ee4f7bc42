"""The parts of an entry before it is written."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ledger.chart.models import LedgerAccount, Side
from ledger.money import Money


class Line(NamedTuple):
    """One side of an entry."""

    side: str
    account_id: int
    money: Money


_DEBIT, _CREDIT = Side.DEBIT.value, Side.CREDIT.value


def debit(account: LedgerAccount, money: Money) -> Line:
    """This will put an amount on the debit side of an account."""
    return Line(_DEBIT, account.pk, money)


def credit(account: LedgerAccount, money: Money) -> Line:
    """This will put an amount on the credit side of an account."""
    return Line(_CREDIT, account.pk, money)


@dataclass(frozen=True, slots=True)
class Count:
    """
    An amount that the entry takes from a limit, decided under the ledger's lock.

    `period_start` is the Nairobi day or the first of the month of the asker's clock, never the
    business date; `cap` is the limit in the account's currency, None to count without one.
    """

    owner_ref: str
    kind: str
    period_start: date
    amount: Decimal
    cap: Decimal | None


@dataclass(frozen=True, slots=True)
class Audit:
    """A line of the audit trail, written in the same round trip as the entry."""

    deed: str
    subject: str = ""
    detail: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """An event for the outbox, written in the same round trip; the entry's id is added to it."""

    name: str
    payload: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taking:
    """The hold that an entry's lines take from; what is left of it is given back, unless kept."""

    hold_id: int
    keeps_rest: bool = False


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One entry of a batch: an amount from the account that is debited to the one credited."""

    debit_id: int
    credit_id: int
    money: Money
    memo: str = ""
    receipt_no: str = ""
    counts: tuple[Count, ...] = ()


# Written by hand: dataclasses.asdict copies every value deeply, which a payment cannot afford.
def as_count(count: Count) -> dict:
    """This will give a count as the ledger's functions read it."""
    return {
        "owner_ref": count.owner_ref,
        "kind": count.kind,
        "period_start": count.period_start.isoformat(),
        "amount": str(count.amount),
        "cap": None if count.cap is None else str(count.cap),
    }


def as_audit(audit: list[Audit] | None) -> str | None:
    """This will give lines of the audit trail as the ledger's functions read them."""
    if not audit:
        return None
    return as_json(
        {"deed": line.deed, "subject": line.subject or None, "detail": line.detail}
        for line in audit
    )


def as_outbox(outbox: list[Event] | None) -> str | None:
    """This will give events as the ledger's functions read them."""
    if not outbox:
        return None
    return as_json({"event": event.name, "payload": event.payload} for event in outbox)


def as_json(rows: Iterable[dict]) -> str:
    """This will give rows as one JSON text; what JSON does not know becomes words."""
    return json.dumps(list(rows), default=str)
