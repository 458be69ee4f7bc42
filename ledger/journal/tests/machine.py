"""
The books against the oracle: Hypothesis tells both banks the same deeds in orders that nobody would
think of, and after each they must agree on every balance, every limit and every refusal. Each run
opens accounts of its own, since the books cannot be emptied.
"""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import hypothesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, multiple, rule, run_state_machine_as_test

from ledger.calendar import operations as calendar
from ledger.chart import operations as ledger_accounts
from ledger.factories import NOON
from ledger.holds import operations as holds
from ledger.holds.states import HoldKind
from ledger.journal.tests.oracle import Leg, Take
from ledger.journal.tests.telling import CENT, TwoBanks, decimal, fired
from wekeza.kit.actor import SYSTEM

__all__ = ["Books", "fired", "tell"]

# Round sums meet often, so that limits and balances are hit exactly; others find the odd cents.
round_sums = st.sampled_from([1, 100, 5_000, 10_000, 25_000, 50_000, 100_000])
amounts = st.one_of(round_sums, st.integers(1, 150_000)).map(lambda cents: cents * CENT)
caps = st.one_of(st.none(), st.sampled_from([10_000, 50_000, 100_000]).map(lambda c: c * CENT))
flags = st.booleans()
kinds = st.sampled_from(list(HoldKind))
last_days = st.one_of(st.none(), st.integers(-1, 2))
moves = st.lists(st.tuples(TwoBanks.accounts, TwoBanks.accounts, amounts), min_size=1, max_size=6)


class Books(TwoBanks):
    """Rules are deeds; what must hold after each is TwoBanks' own."""

    accounts, entries, references = TwoBanks.accounts, TwoBanks.entries, TwoBanks.references
    held, batches = TwoBanks.held, TwoBanks.batches

    # ---- Deeds

    @initialize(target=accounts)
    def open_with_money(self):
        return multiple(*(self._open(None, put_in=Fraction(1000)) for _ in range(3)))

    @rule(target=accounts, maximum=st.one_of(st.none(), amounts), put_in=amounts)
    def open(self, maximum, put_in):
        return self._open(maximum, put_in=put_in)

    @rule(target=entries, account=accounts, amount=amounts)
    def deposit(self, account, amount):
        return self._post([Leg("DEBIT", "1020", amount), Leg("CREDIT", account, amount)])

    @rule(target=entries, account=accounts, amount=amounts)
    def withdraw(self, account, amount):
        return self._post([Leg("DEBIT", account, amount), Leg("CREDIT", "1020", amount)])

    @rule(target=entries, account=accounts)
    def withdraw_everything(self, account):
        standing = self.oracle.accounts[account]
        amount = max(standing.balance + standing.overdraft, CENT)
        return self._post([Leg("DEBIT", account, amount), Leg("CREDIT", "1020", amount)])

    @rule(target=entries, payer=accounts, payee=accounts, amount=amounts)
    def transfer(self, payer, payee, amount):
        return self._post([Leg("DEBIT", payer, amount), Leg("CREDIT", payee, amount)])

    @rule(target=entries, payer=accounts, payee=accounts, amount=amounts, daily=caps, monthly=caps)
    def transfer_under_limits(self, payer, payee, amount, daily, monthly):
        day = self.first_day + timedelta(days=self.oracle.day)
        owner = f"{self.run}:{payer}"
        takes = [
            Take((owner, "DAILY_OUT", day), amount, daily),
            Take((owner, "MONTHLY_OUT", day.replace(day=1)), amount, monthly),
        ]
        return self._post([Leg("DEBIT", payer, amount), Leg("CREDIT", payee, amount)], takes)

    @rule(target=entries, payer=accounts, payee=accounts, amount=amounts, fee=amounts)
    def transfer_with_a_fee(self, payer, payee, amount, fee):
        # As the bank splits a fee: 15% of excise duty inside it, rounded to the cent, half up.
        net = Fraction(int(fee / CENT / Fraction(115, 100) + Fraction(1, 2))) * CENT
        legs = [Leg("DEBIT", payer, amount), Leg("CREDIT", payee, amount)]
        legs += [Leg("DEBIT", payer, fee), Leg("CREDIT", "4110", net)]
        legs += [Leg("CREDIT", "2210", fee - net)] if fee > net else []
        return self._post(legs)

    @rule(target=entries, payees=st.lists(accounts, min_size=1, max_size=6), amount=amounts)
    def pay_many(self, payees, amount):
        legs = [Leg("CREDIT", payee, amount) for payee in payees]
        return self._post([Leg("DEBIT", "1150", amount * len(payees)), *legs])

    @rule(target=entries, account=accounts, amount=amounts, ahead=st.integers(-3, 2))
    def deposit_with_a_value_date(self, account, amount, ahead):
        if self.first_day + timedelta(days=self.oracle.day + ahead) < self._open_from():
            ahead = 0
        legs = [Leg("DEBIT", "1020", amount), Leg("CREDIT", account, amount)]
        return self._post(legs, value_day=self.oracle.day + ahead)

    @rule(target=entries, account=accounts, amount=amounts)
    def withdraw_below_the_minimum(self, account, amount):
        legs = [Leg("DEBIT", account, amount), Leg("CREDIT", "1020", amount)]
        return self._post(legs, is_below_minimum=True)

    # ---- Holds

    @rule(target=held, account=accounts, kind=kinds, amount=amounts, days=last_days)
    def hold(self, account, kind, amount, days):
        last_day = None if days is None else self.oracle.day + days
        return self._agree_on_hold(f"{self.run}:h{self.steps}", account, kind, amount, last_day)

    @rule(target=held, account=accounts, kind=kinds)
    def hold_everything(self, account, kind):
        amount = max(self.oracle.accounts[account].available, CENT)
        return self._agree_on_hold(f"{self.run}:h{self.steps}", account, kind, amount, None)

    @rule(target=held, account=accounts, amount=amounts, kind=kinds)
    def hold_by_one_reference(self, account, amount, kind):
        return self._agree_on_hold(f"{self.run}:always", account, kind, amount, None)

    @rule(target=entries, number=held, payee=accounts)
    def take_whole(self, number, payee):
        return self._take(number, payee, self.oracle.holds[number].left or CENT)

    @rule(target=entries, number=held, payee=accounts, amount=amounts, keeps_rest=flags)
    def take_some(self, number, payee, amount, keeps_rest):
        return self._take(number, payee, amount, keeps_rest=keeps_rest)

    @rule(target=entries, number=held, payee=accounts, keeps_rest=flags)
    def take_a_part(self, number, payee, keeps_rest):
        cents = self.oracle.holds[number].left / CENT // 2
        return self._take(number, payee, max(cents * CENT, CENT), keeps_rest=keeps_rest)

    @rule(target=entries, number=held, payer=accounts, payee=accounts, amount=amounts)
    def take_from_some_account(self, number, payer, payee, amount):
        legs = [Leg("DEBIT", payer, amount), Leg("CREDIT", payee, amount)]
        return self._post(legs, hold=number)

    @rule(number=held)
    def release(self, number):
        must = self.oracle.release(number)
        self._agree(
            must, holds.release, self.real_holds[number], reason="model", actor=SYSTEM, at=NOON
        )

    # ---- Batches

    @rule(target=entries, moves=moves, is_partial=flags, cap=caps)
    def pay_batch(self, moves, is_partial, cap):
        lines = self._lines_of(moves, cap)
        return self._agree_on_batch(f"{self.run}:b{self.steps}", lines, is_partial)

    @rule(target=batches, moves=moves, is_partial=flags)
    def batch_by_reference(self, moves, is_partial):
        name, lines = f"{self.run}:br{self.steps}", self._lines_of(moves, None)
        self._agree_on_batch(name, lines, is_partial)
        return name, lines, is_partial

    @rule(target=entries, batch=batches)
    def ask_for_a_batch_again(self, batch):
        return self._agree_on_batch(*batch)

    @rule(target=entries, batch=batches)
    def ask_for_another_batch(self, batch):
        name, lines, is_partial = batch
        return self._agree_on_batch(name, lines + lines[:1], is_partial)

    # ---- Reversals and references

    @rule(target=entries, entry=entries)
    def reverse(self, entry):
        return self._reverse(entry, f"{self.run}:undo:{self.steps}")

    @rule(target=entries, entry=entries)
    def reverse_by_one_reference(self, entry):
        return self._reverse(entry, f"{self.run}:undo:always")

    @rule(reference=references)
    def ask_again(self, reference):
        legs, takes, value_day, name = reference
        self._agree_on_entry(name, legs, takes, value_day)

    @rule(reference=references, more=amounts)
    def ask_for_something_else(self, reference, more):
        legs, takes, value_day, name = reference
        self._agree_on_entry(
            name, [Leg(leg.side, leg.account, leg.amount + more) for leg in legs], takes, value_day
        )

    @rule(target=references, payer=accounts, payee=accounts, amount=amounts, cap=caps)
    def ask_by_reference(self, payer, payee, amount, cap):
        name = f"{self.run}:ref:{self.steps}"
        legs = [Leg("DEBIT", payer, amount), Leg("CREDIT", payee, amount)]
        takes = [Take((f"{self.run}:{payer}", "EVER", self.first_day), amount, cap)]
        self._agree_on_entry(name, legs, takes, None)
        return legs, takes, None, name

    @rule(account=accounts, debits=flags, credits=flags)
    def freeze(self, account, debits, credits):
        must = self.oracle.freeze(account, debits=debits, credits=credits)
        self._agree(
            must, ledger_accounts.freeze, self.real[account], reason="model", debits=debits,
            credits=credits, actor=SYSTEM,
        )  # fmt: skip

    @rule(account=accounts)
    def unfreeze(self, account):
        must = self.oracle.freeze(account, debits=False, credits=False)
        self._agree(must, ledger_accounts.unfreeze, self.real[account], reason="m", actor=SYSTEM)

    @rule(
        account=accounts, maximum=st.one_of(st.none(), amounts), overdraft=amounts,
        minimum=st.one_of(st.just(Fraction(0)), amounts),
    )  # fmt: skip
    def set_terms(self, account, maximum, overdraft, minimum):
        must = self.oracle.set_terms(account, maximum=maximum, overdraft=overdraft, minimum=minimum)
        self._agree(
            must, ledger_accounts.set_terms, self.real[account], maximum=decimal(maximum),
            overdraft=decimal(overdraft), minimum=decimal(minimum), actor=SYSTEM,
        )  # fmt: skip

    @rule(account=accounts)
    def end_the_overdraft(self, account):
        standing = self.oracle.accounts[account]
        must = self.oracle.set_terms(account, maximum=standing.maximum, overdraft=Fraction(0))
        self._agree(
            must, ledger_accounts.set_terms, self.real[account],
            maximum=decimal(standing.maximum), overdraft=Decimal(0), actor=SYSTEM,
        )  # fmt: skip

    @rule(account=accounts)
    def close(self, account):
        must = self.oracle.close(account)
        self._agree(must, ledger_accounts.close, self.real[account], actor=SYSTEM)

    @rule(account=accounts, luck=st.integers(0, 5))
    def empty_and_close(self, account, luck):
        if luck == 0:  # Rare, or most of a run would be spent on closed accounts.
            self.withdraw_everything(account)
            self.close(account)

    @rule()
    def roll_the_date(self):
        today = self.first_day + timedelta(days=self.oracle.day)
        mine = [hold.pk for hold in self.real_holds.values()] or [0]
        ended = holds.expire(day=today, first=min(mine), last=max(mine), actor=SYSTEM, at=NOON)
        assert ended == self.oracle.close_the_day()
        fired["expired"] += ended
        calendar.roll(from_date=today, actor=SYSTEM)

    def _take(self, number, payee, amount, *, keeps_rest=False):
        account = self.oracle.holds[number].account
        legs = [Leg("DEBIT", account, amount), Leg("CREDIT", payee, amount)]
        if payee == account:
            legs[1] = Leg("CREDIT", "1020", amount)
        return self._post(legs, hold=number, keeps_rest=keeps_rest)

    def _lines_of(self, moves, cap):
        """Lines between two accounts, or from a line of the bank's; with a cap they are counted."""
        lines = []
        for payer, payee, amount in moves:
            by = "1150" if payer == payee else payer
            takes = []
            if cap is not None:
                day = self.first_day + timedelta(days=self.oracle.day)
                takes = [Take((f"{self.run}:{payer}", "DAILY_OUT", day), amount, cap)]
            lines.append(([Leg("DEBIT", by, amount), Leg("CREDIT", payee, amount)], takes))
        return lines


def tell(*, runs: int, steps: int, seed: int | None = None) -> None:
    """
    This will tell both banks `runs` stories of at most `steps` deeds: those that follow from the
    seed, or without one always the same.

    :raises AssertionError: if they disagree; Hypothesis then shows the shortest story.
    """
    books = type("SeededBooks", (Books,), {})
    run_state_machine_as_test(
        books if seed is None else hypothesis.seed(seed)(books),
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            derandomize=seed is None,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
