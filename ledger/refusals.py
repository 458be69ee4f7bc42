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


class NoSuchHold(Refusal):
    code = "no_such_hold"
    status = 404
    text = _("There is no such hold.")


class HoldEnded(Refusal):
    """Facts: hold, state."""

    code = "hold_ended"
    status = 409
    text = _("This hold has ended already. Nothing was changed.")


class HoldTooSmall(Refusal):
    """Facts: hold; held, what it still holds; required, what was to be taken from its account."""

    code = "hold_too_small"
    status = 400
    text = _("The hold has {held} left. It cannot give {required}.")


class ExpiryPassed(Refusal):
    """Facts: expires_on, business_date."""

    code = "expiry_passed"
    status = 400
    text = _("The last day {expires_on} has closed. Choose {business_date} or later.")


# What periods refuse is read by staff alone, in English.


class PeriodNotOver(Refusal):
    code = "period_not_over"
    status = 409
    text = (
        "This period ends on {last_date} and the business date is {business_date}. It can be "
        "closed from the day after it ends."
    )


class PeriodClosed(Refusal):
    code = "period_closed"
    status = 409
    text = "This period is closed already. Value dates are open from {open_from}."


class EarlierPeriodOpen(Refusal):
    code = "earlier_period_open"
    status = 409
    text = "A period before this one is open, from {open_from}. Close that one first."


class YearEndMissing(Refusal):
    code = "year_end_missing"
    status = 409
    text = "December {year} closes with its year end. Ask for the year end of {year}."


class YearClosed(Refusal):
    code = "year_closed"
    status = 409
    text = "The year {year} is closed. Its periods are not opened again."


class PeriodNotClosed(Refusal):
    code = "period_not_closed"
    status = 409
    text = "This period is open already. Value dates are open from {open_from}."


class LaterPeriodClosed(Refusal):
    code = "later_period_closed"
    status = 409
    text = "A later period is closed: value dates open on {open_from}. Open that one first."


class ResultChanged(Refusal):
    code = "result_changed"
    status = 409
    text = (
        "The result of {year} is {result} now, and {asked} was asked for. Nothing was done. Reject "
        "this one, and ask anew."
    )


class ForeignResult(Refusal):
    code = "foreign_result"
    status = 409
    text = "Line {code} holds {amount}. Bring it to KES before the year end."


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
    "WK013": NoSuchHold,
    "WK014": HoldEnded,
    "WK015": HoldTooSmall,
    "WK016": ExpiryPassed,
    "WK040": PeriodNotOver,
    "WK041": PeriodClosed,
    "WK042": EarlierPeriodOpen,
    "WK043": YearEndMissing,
    "WK044": YearClosed,
    "WK045": PeriodNotClosed,
    "WK046": LaterPeriodClosed,
    "WK047": ResultChanged,
    "WK048": ForeignResult,
}
_BUGS = {"WK101", "WK102", "WK103"}
_FIGURES = {
    "required",
    "available",
    "maximum",
    "minimum",
    "balance",
    "held",
    "left",
    "cap",
    "amount",
    "result",
    "asked",
}


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
    return refusal_for(state, as_facts(cause.diag.message_detail or "{}"))


def as_facts(text: str):
    """This will read facts that a ledger function gives, figures exactly as it wrote them."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def refusal_for(state: str, facts: dict) -> Refusal:
    """This will give the refusal of an SQLSTATE with its figures as money."""
    return _REFUSALS[state](**_with_money(facts))


def _with_money(facts: dict) -> dict:
    currency = facts.get("currency") or "KES"
    money = {
        name: Money.rounded(Decimal(value), currency)
        for name, value in facts.items()
        if name in _FIGURES and value is not None
    }
    if "required" in money and "available" in money:
        money["deficit"] = money["required"] - money["available"]
    return facts | money
