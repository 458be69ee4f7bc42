"""
A bank in memory, written from the rules and not from the code: what the books must say after each
deed, in exact fractions. It knows no database.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from fractions import Fraction


@dataclass(frozen=True)
class No:
    """The refusal that a deed must meet: its code and the figures that it must name."""

    code: str
    figures: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Account:
    """A customer's account: it owes its balance to the customer."""

    balance: Fraction = Fraction(0)
    overdraft: Fraction = Fraction(0)
    maximum: Fraction | None = None
    pays: bool = True
    takes: bool = True
    is_closed: bool = False
    postings: int = 0


@dataclass(frozen=True)
class Leg:
    """One side of an entry on a customer's account (a number) or a line of the bank's (a code)."""

    side: str
    account: int | str
    amount: Fraction


@dataclass(frozen=True)
class Take:
    """What an entry takes from a limit."""

    key: tuple
    amount: Fraction
    cap: Fraction | None


@dataclass
class Booked:
    """An entry as the oracle remembers it."""

    number: int
    legs: list
    takes: list
    mirror_of: int | None = None
    is_undone: bool = False


class Oracle:
    """The rules of the books: which deed is refused with what, and what an allowed one leaves."""

    def __init__(self):
        self.accounts: dict[int, Account] = {}
        self.lines: dict[str, Fraction] = defaultdict(Fraction)
        self.used: dict[tuple, Fraction] = defaultdict(Fraction)
        self.entries: dict[int, Booked] = {}
        self.references: dict[str, tuple] = {}
        self.day = 0

    def post(self, reference, facts, legs, takes=(), *, value_day=None) -> No | Booked:
        """The entry of this reference, new or as it stands, or the refusal."""
        if reference in self.references:
            known, number = self.references[reference]
            return self.entries[number] if known == facts else No("reference_reused")
        if value_day is not None and value_day > self.day:
            return No("value_date_not_open")
        used = dict(self.used)
        for take in sorted(takes, key=lambda take: take.key):
            before = used.get(take.key, Fraction(0))
            if take.cap is not None and before + take.amount > take.cap:
                left = max(take.cap - before, Fraction(0))
                return No("limit_exceeded", {"left": left, "cap": take.cap})
            used[take.key] = before + take.amount
        moved = self._move(legs, past_maximum=False)
        if isinstance(moved, No):
            return moved
        return self._book(reference, facts, Booked(0, list(legs), list(takes)), moved, used)

    def reverse(self, number, reference, memo) -> No | Booked:
        """The mirror of an entry, new or as it stands, or the refusal."""
        original = self.entries[number]
        if original.mirror_of is not None:
            return No("already_reversed")
        facts = ("REVERSAL", number, memo)
        if reference in self.references:
            known, booked = self.references[reference]
            return self.entries[booked] if known == facts else No("reference_reused")
        if original.is_undone:
            return No("already_reversed")
        turned = {"DEBIT": "CREDIT", "CREDIT": "DEBIT"}
        legs = [replace(leg, side=turned[leg.side]) for leg in original.legs]
        moved = self._move(legs, past_maximum=True)
        if isinstance(moved, No):
            return moved
        used = dict(self.used)
        for take in original.takes:
            used[take.key] -= take.amount
        original.is_undone = True
        return self._book(reference, facts, Booked(0, legs, [], mirror_of=number), moved, used)

    def freeze(self, number, *, debits, credits) -> No | None:
        """A freeze of either side, or its end with neither."""
        if self.accounts[number].is_closed:
            return No("account_closed")
        self._set(number, pays=not debits, takes=not credits)
        return None

    def set_terms(self, number, *, maximum, overdraft) -> No | None:
        """New terms, unless more of the overdraft is used than would be left."""
        account = self.accounts[number]
        if account.is_closed:
            return No("account_closed")
        if account.balance + overdraft < 0:
            figures = {"required": -account.balance, "available": overdraft}
            return No("insufficient_funds", figures)
        self._set(number, maximum=maximum, overdraft=overdraft)
        return None

    def close(self, number) -> No | None:
        """The end of an empty account."""
        account = self.accounts[number]
        if account.is_closed:
            return No("account_closed")
        if account.balance:
            return No("account_not_empty", {"balance": account.balance})
        self._set(number, is_closed=True, pays=False, takes=False, overdraft=Fraction(0))
        return None

    def _move(self, legs, *, past_maximum):
        """What the accounts and lines hold after the legs, taken in the order of accounts."""
        accounts, lines = dict(self.accounts), dict(self.lines)
        customers = [leg for leg in legs if isinstance(leg.account, int)]
        for leg in sorted(customers, key=lambda leg: leg.account):
            answer = self._take_leg(accounts[leg.account], leg, past_maximum)
            if isinstance(answer, No):
                return answer
            accounts[leg.account] = answer
        for leg in legs:
            if isinstance(leg.account, str):
                signed = leg.amount if leg.side == "DEBIT" else -leg.amount
                lines[leg.account] = lines.get(leg.account, Fraction(0)) + signed
        return accounts, lines

    def _take_leg(self, account, leg, past_maximum):
        if account.is_closed:
            return No("account_closed")
        if not (account.pays if leg.side == "DEBIT" else account.takes):
            return No("account_frozen")
        if leg.side == "CREDIT":
            balance = account.balance + leg.amount
            if account.maximum is not None and balance > account.maximum and not past_maximum:
                return No("maximum_balance", {"maximum": account.maximum})
        else:
            balance = account.balance - leg.amount
            if balance < -account.overdraft:
                available = account.balance + account.overdraft
                return No("insufficient_funds", {"required": leg.amount, "available": available})
        return replace(account, balance=balance, postings=account.postings + 1)

    def _book(self, reference, facts, booked, moved, used):
        booked.number = len(self.entries) + 1
        self.entries[booked.number] = booked
        self.references[reference] = (facts, booked.number)
        self.accounts, lines = moved
        self.lines = defaultdict(Fraction, lines)
        self.used = defaultdict(Fraction, used)
        return booked

    def _set(self, number, **change):
        self.accounts[number] = replace(self.accounts[number], **change)
