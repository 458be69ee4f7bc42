"""What a paper of the bank vouches for, told to whoever holds its code, and no more than that."""

from dataclasses import dataclass
from datetime import datetime

from accounts.savings import quotes
from accounts.statements import filed
from accounts.statements.models import StatementFile
from ledger.money import Money
from lending.loans import queries as loans
from lending.repayments import queries as repayments
from payments.topups import queries as topups
from payments.transfers import queries as transfers
from wekeza.kit import vouching
from wekeza.kit.words import initials


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that is genuine: its kind, amount and day, and the letters of the names."""

    number: str
    kind: str
    money: Money
    at: datetime
    payer: str = ""
    payee: str = ""
    is_returned: bool = False


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a code stands for: a receipt or a statement."""

    receipt: Receipt | None = None
    statement: StatementFile | None = None


def vouched_for(text: str) -> Vouched | None:
    """This will tell what a code stands for; None for every code that the bank never gave."""
    code = vouching.read(text)
    if code.startswith(f"{vouching.STATEMENT}-"):
        statement = filed.vouched_for(code)
        return Vouched(statement=statement) if statement else None
    number = vouching.receipt_of(code)
    receipt = _RECEIPTS.get((number or "").partition("-")[0], lambda _number: None)(number)
    return Vouched(receipt=receipt) if receipt else None


def _transfer(number: str) -> Receipt | None:
    found = transfers.paid_under(number)
    return found and Receipt(
        number, "TRANSFER", found.money, found.paid_at, payer=_letters(found.payer_name),
        payee=_letters(found.payee_name), is_returned=found.is_mirrored,
    )  # fmt: skip


def _topup(number: str) -> Receipt | None:
    found = topups.paid_under(number)
    return found and Receipt(
        number, "TOPUP", found.money, found.paid_at,
        payee=_letters(found.account.holder_name), is_returned=found.is_mirrored,
    )  # fmt: skip


def _closing(number: str) -> Receipt | None:
    found = quotes.closed_under(number)
    return found and Receipt(
        number, "CLOSING", found.arrives, found.entry.at,
        payee=_letters(found.account.holder_name),
    )  # fmt: skip


def _loan(number: str) -> Receipt | None:
    found = loans.paid_out_under(number)
    return found and Receipt(
        number, "LOAN", found.money, found.agreed_at, payee=_letters(found.account.holder_name)
    )


def _repayment(number: str) -> Receipt | None:
    found = repayments.paid_under(number)
    return found and Receipt(
        number, "REPAYMENT", found.money, found.paid_at,
        payer=_letters(found.account.holder_name),
        is_returned=not (found.stands or found.is_replaced),
    )  # fmt: skip


def _letters(name: str) -> str:
    return ". ".join(initials(name)) + "."


_RECEIPTS = {
    "MV": _transfer, "DP": _topup, "SC": _closing, "DB": _loan, "RP": _repayment,
}  # fmt: skip
