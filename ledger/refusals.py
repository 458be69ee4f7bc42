"""What the books refuse, and how the database's SQLSTATE becomes a refusal with its figures."""

import json
from contextlib import contextmanager
from decimal import Decimal

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from ledger.money import Money
from wekeza.kit.errors import Refusal


class Unbalanced(AssertionError):
    """A programmer wrote an entry that is none. A bug, so not a Refusal."""


class InsufficientFunds(Refusal):
    code = "insufficient_funds"
    status = 400
    text = _("You have {available}. This needs {required}, which is {deficit} more.")


class MaximumBalance(Refusal):
    code = "maximum_balance"
    status = 400
    text = _("This account may hold up to {maximum}. It cannot take {required} more.")


class LimitExceeded(Refusal):
    code = "limit_exceeded"
    status = 400
    text = _("You can send {left} more in this period. The limit is {cap}.")


class AccountFrozen(Refusal):
    code = "account_frozen"
    status = 423
    text = _("Account {code} is frozen. No money was moved. Call 0700 123 456.")


class AccountClosed(Refusal):
    code = "account_closed"
    status = 409
    text = _("This account is closed. No money was moved.")


class AccountNotEmpty(Refusal):
    code = "account_not_empty"
    status = 409
    text = _("The account still holds {balance}. Move it out before you close the account.")


class ReferenceReused(Refusal):
    code = "reference_reused"
    status = 422
    text = _("This reference was used for something else. Start again.")


class WrongCurrency(Refusal):
    """Facts: account_in, the currency of the account."""

    code = "wrong_currency"
    status = 400
    text = _("This account is in {account_in}. Send an amount in {account_in}")


class ValueDateNotOpen(Refusal):
    code = "value_date_not_open"
    status = 400
    text = _("The value date {value_date} is not open. Use {open_from} to {business_date}.")


class AlreadyReversed(Refusal):
    code = "already_reversed"
    status = 409
    text = _("This entry was reversed already, or is itself a reversal. Nothing was moved.")


class NoSuchEntry(Refusal):
    code = "no_such_entry"
    status = 404
    text = _("There is no such entry.")


class BusinessDateMoved(Refusal):
    code = "business_date_moved"
    status = 409
    text = _("The business date has moved already. Look again.")


_REFUSALS = {
    "WK002": ReferenceReused,
    "WK003": InsufficientFunds,
    "WK004": MaximumBalance,
    "WK005": AccountFrozen,
    "WK006": AccountClosed,
    "WK007": LimitExceeded,
    "WK008": ValueDateNotOpen,
    "WK009": AlreadyReversed,
    "WK010": NoSuchEntry,
    "WK011": AccountNotEmpty,
    "WK012": BusinessDateMoved,
}
_BUGS = {"WK101", "WK102", "WK103"}
_FIGURES = {"required", "available", "maximum", "balance", "held", "left", "cap", "amount"}


@contextmanager
def translated():
    """This will turn the ledger functions' SQLSTATEs to refusals; anything else passes through."""
    try:
        yield
    except DatabaseError as error:
        if (refusal := refusal_of(error)) is None:
            raise
        raise refusal from error


def refusal_of(error: DatabaseError) -> Exception | None:
    """This will give what a ledger function's SQLSTATE means; None if it is not the ledger's."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None)
    if state in _BUGS:
        return Unbalanced(str(cause))
    if state not in _REFUSALS:
        return None
    return _REFUSALS[state](**_facts(cause.diag.message_detail))


def _facts(detail: str | None) -> dict:
    facts = json.loads(detail or "{}", parse_float=Decimal, parse_int=Decimal)
    currency = facts.get("currency") or "KES"
    money = {
        name: Money.rounded(Decimal(value), currency)
        for name, value in facts.items()
        if name in _FIGURES and value is not None
    }
    if "required" in money and "available" in money:
        money["deficit"] = money["required"] - money["available"]
    return facts | money
