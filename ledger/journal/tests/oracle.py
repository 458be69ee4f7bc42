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
    line: int | None = None  # Of a batch.


@dataclass(frozen=True)
class Account:
    """A customer's account: it owes its balance to the customer."""

    balance: Fraction = Fraction(0)
    overdraft: Fraction = Fraction(0)
    held: Fraction = Fraction(0)
    minimum: Fraction = Fraction(0)
    maximum: Fraction | None = None
    pays: bool = True
    takes: bool = True
    is_closed: bool = False
    postings: int = 0

    @property
    def reach(self) -> Fraction:
        """What is there beside what is held, with the arranged overdraft."""
        return self.balance - self.held + self.overdraft

    @property
    def available(self) -> Fraction:
        """What its holder may spend: of the reach, what lies above the minimum."""
        return self.reach - min(self.minimum, max(self.reach, Fraction(0)))


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


@dataclass(frozen=True)
class Held:
    """A hold: what an account has and may not spend, until it ends or its last day closes."""

    account: int
    kind: str
    amount: Fraction
    last_day: int | None
    captured: Fraction = Fraction(0)
    state: str = "OPEN"

    @property
    def left(self) -> Fraction:
        return self.amount - self.captured if self.state == "OPEN" else Fraction(0)


@dataclass(frozen=True)
class Batch:
    """What became of a batch: an entry's number or the refusal, for each line."""

    lines: list


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
        self.holds: dict[int, Held] = {}
        self.hold_references: dict[str, tuple] = {}
        self.batch_references: dict[str, tuple] = {}
        self.day = 0

    def post(
        self, reference, facts, legs, takes=(), *, value_day=None, hold=None, keeps_rest=False,
        is_below_minimum=False,
    ) -> No | Booked:  # fmt: skip
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
        kept = self._take_hold(hold, legs, keeps_rest) if hold is not None else None
        if isinstance(kept, No):
            return kept
        before = self.accounts
        if kept:
            self._lower(kept.account, self.holds[hold].left - kept.left)
        moved = self._move(legs, past_maximum=False, past_minimum=is_below_minimum)
        if isinstance(moved, No):
            self.accounts = before
            return moved
        if kept:
            self.holds[hold] = kept
        return self._book(reference, facts, Booked(0, list(legs), list(takes)), moved, used)

    def post_batch(self, reference, lines, *, is_partial) -> No | Batch:
        """What a batch of (legs, takes) leaves: its lines posted one after the other, or none."""
        facts = ([legs for legs, _ in lines], is_partial)
        if reference in self.batch_references:
            known, batch = self.batch_references[reference]
            return batch if known == facts else No("reference_reused")
        before = (
            self.accounts, self.lines, self.used, dict(self.entries), dict(self.references),
        )  # fmt: skip
        done = []
        for number, (legs, takes) in enumerate(lines, 1):
            answer = self.post(f"{reference}#{number}", ("BATCH", legs), legs, takes)
            if isinstance(answer, No) and not is_partial:
                self.accounts, self.lines, self.used, self.entries, self.references = before
                return replace(answer, line=number)
            done.append(answer if isinstance(answer, No) else answer.number)
        batch = Batch(done)
        self.batch_references[reference] = (facts, batch)
        return batch

    def place(self, reference, account, kind, amount, *, last_day) -> No | int:
        """The number of the hold of this reference, new or however it ended, or the refusal."""
        facts = (account, kind, amount, last_day)
        if reference in self.hold_references:
            known, number = self.hold_references[reference]
            return number if known == facts else No("reference_reused")
        standing = self.accounts[account]
        if last_day is not None and last_day < self.day:
            return No("expiry_passed")
        if standing.is_closed:
            return No("account_closed")
        if not standing.pays and kind not in {"CHEQUE", "LIEN", "COURT"}:
            return No("account_frozen")
        reach = standing.reach - (0 if kind in {"LIEN", "COURT"} else standing.minimum)
        if amount > reach:
            figures = {"required": amount, "available": standing.available}
            return No("insufficient_funds", figures)
        number = len(self.holds) + 1
        self.holds[number] = Held(*facts)
        self.hold_references[reference] = (facts, number)
        self._lower(account, -amount)
        return number

    def release(self, number) -> No | None:
        """The end of an open hold: all that it still holds is given back."""
        hold = self.holds[number]
        if hold.state != "OPEN":
            return No("hold_ended")
        self._lower(hold.account, hold.left)
        self.holds[number] = replace(hold, state="RELEASED")
        return None

    def close_the_day(self) -> int:
        """The end of the business date, and of the holds whose last day it was: their number."""
        ended = 0
        for number, hold in self.holds.items():
            if hold.state == "OPEN" and hold.last_day is not None and hold.last_day <= self.day:
                self._lower(hold.account, hold.left)
                self.holds[number] = replace(hold, state="EXPIRED")
                ended += 1
        self.day += 1
        return ended

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
        moved = self._move(legs, past_maximum=True, past_minimum=True)
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

    def set_terms(self, number, *, maximum, overdraft, minimum=Fraction(0)) -> No | None:
        """New terms, unless more of the overdraft is used than would be left."""
        account = self.accounts[number]
        if account.is_closed:
            return No("account_closed")
        if account.balance - account.held + overdraft < 0:
            figures = {"required": account.held - account.balance, "available": overdraft}
            return No("insufficient_funds", figures)
        self._set(number, maximum=maximum, overdraft=overdraft, minimum=minimum)
        return None

    def close(self, number) -> No | None:
        """The end of an empty account."""
        account = self.accounts[number]
        if account.is_closed:
            return No("account_closed")
        if account.balance or account.held:
            figures = {"balance": account.balance, "held": account.held}
            return No("account_not_empty", figures)
        nothing = Fraction(0)
        self._set(
            number, is_closed=True, pays=False, takes=False, overdraft=nothing, minimum=nothing
        )
        return None

    def _take_hold(self, number, legs, keeps_rest):
        """The hold after the legs that debit its account have taken from it."""
        hold = self.holds[number]
        if hold.state != "OPEN":
            return No("hold_ended")
        taken = sum(
            (leg.amount for leg in legs if (leg.account, leg.side) == (hold.account, "DEBIT")),
            Fraction(0),
        )
        if not taken or taken > hold.left:
            return No("hold_too_small", {"held": hold.left, "required": taken})
        stays = keeps_rest and taken < hold.left
        return replace(hold, captured=hold.captured + taken, state="OPEN" if stays else "CAPTURED")

    def _lower(self, number, amount):
        self._set(number, held=self.accounts[number].held - amount)

    def _move(self, legs, *, past_maximum, past_minimum):
        """What the accounts and lines hold after the legs, taken in the order of accounts."""
        accounts, lines = dict(self.accounts), dict(self.lines)
        customers = [leg for leg in legs if isinstance(leg.account, int)]
        for leg in sorted(customers, key=lambda leg: leg.account):
            answer = self._take_leg(accounts[leg.account], leg, past_maximum, past_minimum)
            if isinstance(answer, No):
                return answer
            accounts[leg.account] = answer
        for leg in legs:
            if isinstance(leg.account, str):
                signed = leg.amount if leg.side == "DEBIT" else -leg.amount
                lines[leg.account] = lines.get(leg.account, Fraction(0)) + signed
        return accounts, lines

    def _take_leg(self, account, leg, past_maximum, past_minimum):
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
            if leg.amount > account.reach - (0 if past_minimum else account.minimum):
                figures = {"required": leg.amount, "available": account.available}
                return No("insufficient_funds", figures)
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
        changed = replace(self.accounts[number], **change)
        self.accounts = self.accounts | {number: changed}
