"""
Closing a savings account at its owner's wish: interest, tax, fee, the rest to the everyday account.

The owner signs figures. They are worked out again inside the deed; if one is another then, nothing
is done, and the owner sees the new ones.
"""

from datetime import datetime

from django.db import transaction

from accounts.deposits import operations as deposits
from accounts.deposits.models import DepositAccount
from accounts.notifications import operations as notifications
from accounts.savings import operations as savings
from accounts.savings import quotes
from accounts.savings.quotes import DUTY, FEE_KIND, FEES, KIND, Closing
from accounts.savings.refusals import (
    AccountStopped,
    BeingChecked,
    DayEnding,
    FiguresChanged,
    HoldStands,
    NowhereToGo,
    TargetFull,
    TargetTakesNothing,
)
from ledger.calendar import queries as calendar
from ledger.chart import queries as chart
from ledger.controls import audit
from ledger.journal import operations as journal
from ledger.journal.lines import Line, credit, debit
from ledger.refusals import (
    AccountClosed,
    AccountFrozen,
    AccountNotEmpty,
    BusinessDateMoved,
    InsufficientFunds,
    MaximumBalance,
)
from wekeza.kit import words
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed
from wekeza.kit.errors import Refusal
from wekeza.kit.receipts import receipt_no

__all__ = [
    "AccountStopped",
    "BeingChecked",
    "DayEnding",
    "FiguresChanged",
    "HoldStands",
    "NowhereToGo",
    "TargetFull",
    "TargetTakesNothing",
    "close",
]

WISH = "Its holder’s wish"
# What the ledger refuses although it was checked a moment ago: somebody came between.
MOVED = (AccountClosed, AccountFrozen, AccountNotEmpty, InsufficientFunds, MaximumBalance)


@deed
def close(account: DepositAccount, *, figures: str, actor: Actor, at: datetime) -> Closing:
    """
    This will pay a savings account the interest that it is owed, less tax, take the fee of closing
    it early, move the rest to its holder's everyday account and close it, all or nothing. Interest
    counts to the end of the business date before (kenya.md 5.1). `figures` are those of the quote
    that the holder saw. Asked again, it gives what the first closing came to.

    :raises FiguresChanged: if a figure is another now.
    :raises BeingChecked: and the other refusals of `quotes.check`.
    """
    account.refresh_from_db()
    if account.closed_date is None:
        try:
            _close_as_shown(account, figures=figures, actor=actor, at=at)
        except Refusal:
            account.refresh_from_db()
            if account.closed_date is None:  # Else another press was first.
                raise
    return quotes.closed_of(account)


def _close_as_shown(account: DepositAccount, *, figures: str, actor: Actor, at: datetime) -> None:
    day, target = calendar.business_date(), quotes.target_of(account)
    try:
        with transaction.atomic():
            if target is not None:  # Locked first: from here on no figure moves.
                savings.end_interest(account, day=day, target=target)
            closing = quotes.closing_of(account)
            quotes.check(closing, at=at)
            if closing.figures != figures:
                raise FiguresChanged
            _close(closing, actor=actor, at=at)
    except BusinessDateMoved as refusal:
        raise DayEnding(day=words.day(day)) from refusal
    except MOVED as refusal:
        raise FiguresChanged from refusal


def _close(closing: Closing, *, actor: Actor, at: datetime) -> None:
    account = closing.account
    one = account.ledger_account_id
    savings.pay(day=closing.day, first=one, last=one, actor=actor, at=at)

    _take_fee(closing, actor=actor, at=at)
    _move_rest(closing, actor=actor, at=at)
    deposits.close(account, reason=WISH, actor=actor)
    if quotes.closed_of(account).amounts != closing.amounts:
        raise FiguresChanged

    audit.record(
        actor=actor, deed="savings.closed", subject=account, interest=closing.interest,
        tax=closing.tax, fee=closing.fee.gross, moved=closing.arrives,
    )  # fmt: skip
    told = {"ending": account.ending, "target": closing.target.ending}
    told["amount"] = str(closing.arrives) if closing.arrives else ""
    user = account.customer.user
    notifications.queue(user=user, channel="SMS", kind="savings_closed", context=told)


def _take_fee(closing: Closing, *, actor: Actor, at: datetime) -> None:
    fee = closing.fee
    if not fee.gross:
        return
    parts = [(FEES, fee.net), (DUTY, fee.duty)]
    _post(
        closing,
        FEE_KIND,
        [
            debit(closing.account.ledger_account, fee.gross),
            *(credit(chart.line(code), part) for code, part in parts if part),
        ],
        actor=actor,
        at=at,
    )


def _move_rest(closing: Closing, *, actor: Actor, at: datetime) -> None:
    rest = closing.arrives
    if not rest:
        return
    _post(
        closing,
        KIND,
        [
            debit(closing.account.ledger_account, rest),
            credit(closing.target.ledger_account, rest),
        ],
        actor=actor,
        at=at,
        receipt_no=receipt_no("SC", closing.account.pk),
    )


def _post(closing: Closing, kind: str, lines: list[Line], **facts) -> None:
    account = closing.account
    journal.post(
        owner=account.owner_ref,
        reference=quotes.reference_of(account, kind),
        kind=kind,
        lines=lines,
        source=audit.subject_of(account),
        branch=account.branch,
        is_below_minimum=True,
        **facts,
    )
