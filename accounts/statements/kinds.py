"""What the kinds of journal entries are called on a customer's statement."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """
    One type of transaction: its code for programs, its words, its icon. `keeps_memo` tells that an
    entry's memo is the customer's own reason, and not a note of the bank.
    """

    code: str
    label: str | Promise
    icon: str = ""
    keeps_memo: bool = False


_KINDS = {
    "INTERNAL_TRANSFER": Kind("TRANSFER", _("Transfer"), keeps_memo=True),
    "MM_IN": Kind("DEPOSIT", _("M-PESA top-up"), "plus"),
    "MM_IN DEMO": Kind("DEPOSIT", _("M-PESA top-up (demo)"), "plus"),
    "CASH_DEPOSIT": Kind("DEPOSIT", _("Cash deposit"), "cash"),
    "CASH_WITHDRAWAL": Kind("WITHDRAWAL", _("Cash withdrawal"), "cash"),
    "SAVINGS_OPENING": Kind("TRANSFER", _("Opening of a savings account"), "save"),
    "SAVINGS_CLOSING": Kind("TRANSFER", _("Closing of a savings account"), "save"),
    "SAVINGS_CLOSING_FEE": Kind("FEE", _("Fee for closing a savings account early"), "doc"),
    "LOAN_DISBURSEMENT": Kind("DISBURSEMENT", _("Loan paid out"), "borrow"),
    "LOAN_DISBURSEMENT SELLER": Kind("DEPOSIT", _("Paid to you with a buyer’s loan"), "borrow"),
    "LOAN_FEE": Kind("FEE", _("Fee for a loan"), "doc"),
    "LOAN_REPAYMENT": Kind("REPAYMENT", _("Payment on a loan"), "borrow"),
    "LOAN_RECOVERY": Kind("REPAYMENT", _("Payment on a loan"), "borrow"),
    "INTEREST": Kind("INTEREST", _("Interest, tax paid"), "save"),
    "REVERSAL": Kind("REVERSAL", _("Returned payment"), "undo"),
}
_OTHER = Kind("OTHER", _("Booking of the bank"), "doc")


def kind_of(entry_kind: str, memo: str) -> Kind:
    """This will give the customer's kind of an entry; the memo tells rails apart."""
    return _KINDS.get(f"{entry_kind} {memo}") or _KINDS.get(entry_kind) or _OTHER


def named_like(word: str) -> list[str]:
    """This will give the entry kinds whose words, in the reader's language, contain a word."""
    found = [code for code, kind in _KINDS.items() if word.casefold() in kind.label.casefold()]
    return sorted({code.partition(" ")[0] for code in found})
