"""Opening, freezing and closing ledger accounts. Each is decided in the database."""

from datetime import date
from decimal import Decimal

from django.db import connection, transaction

from ledger.chart.models import LedgerAccount
from ledger.controls import audit
from ledger.refusals import AccountClosed, AccountNotEmpty, InsufficientFunds, translated
from wekeza.kit.actor import Actor

__all__ = [
    "AccountClosed",
    "AccountNotEmpty",
    "InsufficientFunds",
    "close",
    "freeze",
    "open_account",
    "open_line",
    "set_terms",
    "unfreeze",
]


def open_account(
    *,
    control: str,
    code: str,
    name: str,
    actor: Actor,
    currency: str = "KES",
    branch: str = "001",
    maximum: Decimal | None = None,
    minimum: Decimal = Decimal(0),
) -> LedgerAccount:
    """
    This will open a customer's ledger account under a control line, empty and unable to go below
    what is available. `maximum` is the most it may hold, in its currency; None is no limit.
    `minimum` is what its holder must leave in it.
    """
    with transaction.atomic():
        account_id = _call(
            "ledger_open_account(%s, %s, %s, %s, %s, %s, %s)",
            [control, code, name, currency, branch, maximum, minimum],
        )
        account = LedgerAccount.objects.get(pk=account_id)
        audit.record(actor=actor, deed="ledger_account.opened", subject=account, control=control)
    return account


def open_line(
    *,
    code: str,
    name: str,
    kind: str,
    normal_side: str,
    is_control: bool,
    effective_date: date,
    currency: str = "KES",
    branch: str = "001",
) -> int:
    """This will add a line to the chart; only the owner role may. It gives the line's id."""
    return _call(
        "ledger_open_line(%s, %s, %s, %s, %s, %s, %s, %s)",
        [code, name, kind, normal_side, currency, branch, is_control, effective_date],
    )


def freeze(
    account: LedgerAccount, *, reason: str, actor: Actor, debits: bool = True, credits: bool = True
) -> None:
    """
    This will stop an account from paying out, from taking in, or both; the balance stays.

    :raises AccountClosed: if it is closed, or not a customer's.
    """
    _set_freeze(account, debits, credits, reason, actor, "ledger_account.frozen")


def unfreeze(account: LedgerAccount, *, reason: str, actor: Actor) -> None:
    """
    This will let a frozen account pay and receive again.

    :raises AccountClosed: if it is closed, or not a customer's.
    """
    _set_freeze(account, False, False, reason, actor, "ledger_account.unfrozen")


def set_terms(
    account: LedgerAccount,
    *,
    maximum: Decimal | None,
    overdraft: Decimal,
    actor: Actor,
    minimum: Decimal = Decimal(0),
) -> None:
    """
    This will set the most an account may hold, the overdraft arranged on it, and what must stay in
    it, in its currency. An account that is below a new minimum stays so and pays nothing out.

    :raises InsufficientFunds: if more of the overdraft is in use than would be left.
    :raises AccountClosed: if it is closed, or not a customer's.
    """
    with transaction.atomic():
        _call("ledger_set_terms(%s, %s, %s, %s)", [account.pk, maximum, overdraft, minimum])
        audit.record(
            actor=actor,
            deed="ledger_account.terms_set",
            subject=account,
            maximum=maximum,
            overdraft=overdraft,
            minimum=minimum,
        )


def close(account: LedgerAccount, *, actor: Actor) -> None:
    """
    This will close an empty account for ever, from today's business date.

    :raises AccountNotEmpty: if it holds or owes money, or a hold stands on it.
    :raises AccountClosed: if it is closed already, or not a customer's.
    """
    with transaction.atomic():
        _call("ledger_close_account(%s)", [account.pk])
        audit.record(actor=actor, deed="ledger_account.closed", subject=account)


def _set_freeze(account, debits, credits, reason, actor, deed):
    with transaction.atomic():
        _call("ledger_freeze(%s, %s, %s, %s)", [account.pk, debits, credits, reason])
        audit.record(
            actor=actor, deed=deed, subject=account, reason=reason, debits=debits, credits=credits
        )


def _call(function: str, arguments: list):
    with translated(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}", arguments)  # noqa: S608 - the callers above write it.
        return cursor.fetchone()[0]
