"""The parts of an entry before it is written."""

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
