"""
The books against the oracle: Hypothesis tells both banks the same deeds in orders that nobody would
think of, and after each they must agree on every balance, every limit and every refusal.

Numbers of the oracle are the bank's own; `self.real` maps them to accounts and entries. Each run
opens accounts of its own, since the books cannot be emptied.
"""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count

import hypothesis
from django.db.models import Count as Number
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from ledger.calendar import operations as calendar
from ledger.calendar import queries as calendar_queries
from ledger.chart import operations as ledger_accounts
from ledger.chart import queries as chart
from ledger.chart.models import Balance
from ledger.chart.models import Counter as Limit
from ledger.factories import LedgerAccountFactory, post, undo
from ledger.journal.lines import Count, credit, debit
from ledger.journal.models import Posting
from ledger.journal.tests.oracle import Account, Leg, No, Oracle, Take
from ledger.money import kes
from ledger.proofs import queries as proofs
from wekeza.kit.actor import SYSTEM
from wekeza.kit.errors import Refusal

CENT = Fraction(1, 100)
LINES = ("1020", "1150", "4110", "2210")
PROVE_EVERY = 25  # Steps; and at the end of every run.
fired: Counter = Counter()  # How often each rule ran, over all runs.
_runs = count(1)

# Round sums meet often, so that limits and balances are hit exactly; others find the odd cents.
round_sums = st.sampled_from([1, 100, 5_000, 10_000, 25_000, 50_000, 100_000])
amounts = st.one_of(round_sums, st.integers(1, 150_000)).map(lambda cents: cents * CENT)
caps = st.one_of(st.none(), st.sampled_from([10_000, 50_000, 100_000]).map(lambda c: c * CENT))
flags = st.booleans()


def decimal(amount: Fraction | None) -> Decimal | None:
    """A fraction of whole cents as the exact decimal that it is."""
    return None if amount is None else Decimal(int(amount / CENT)).scaleb(-2)


def money(amount: Fraction):
    """A fraction of whole cents as shillings."""
    return kes(decimal(amount))


class Books(RuleBasedStateMachine):
    """Rules are deeds; the invariant is that both banks agree."""

    accounts = Bundle("accounts")
    entries = Bundle("entries")
    references = Bundle("references")

    def __init__(self):
        super().__init__()
        self.run = f"model:{next(_runs)}"
        self.oracle = Oracle()
        self.real: dict[int, object] = {}
        self.entry_ids: dict[int, int] = {}
        self.steps = 0
        self.since = proofs.last_entry_id()
        self.first_day = calendar_queries.business_date()
        self.before = {code: self._line(code) for code in LINES}

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

    @rule(account=accounts, maximum=st.one_of(st.none(), amounts), overdraft=amounts)
    def set_terms(self, account, maximum, overdraft):
        must = self.oracle.set_terms(account, maximum=maximum, overdraft=overdraft)
        self._agree(
            must, ledger_accounts.set_terms, self.real[account], maximum=decimal(maximum),
            overdraft=decimal(overdraft), actor=SYSTEM,
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
        calendar.roll(from_date=today, actor=SYSTEM)
        self.oracle.day += 1

    # ---- What must be true after each

    @invariant()
    def both_banks_agree(self):
        self.steps += 1
        rows = Balance.objects.filter(account_id__in=[row.pk for row in self.real.values()])
        real = {row.account_id: row for row in rows}
        for number, account in self.oracle.accounts.items():
            row = real[self.real[number].pk]
            assert row.balance == decimal(account.balance)
            assert row.sequence == account.postings
            assert row.overdraft == decimal(account.overdraft)
            assert row.maximum == decimal(account.maximum)
            assert (row.takes_debits, row.takes_credits) == (account.pays, account.takes)
        used = Limit.objects.filter(owner_ref__startswith=f"{self.run}:")
        mine = {(row.owner_ref, row.kind, row.period_start): row.used for row in used}
        for key in mine.keys() | self.oracle.used.keys():
            assert mine.get(key, 0) == decimal(self.oracle.used.get(key, Fraction(0)))
        if self.steps % PROVE_EVERY == 0:
            self._prove()

    def teardown(self):
        for code, before in self.before.items():
            assert self._line(code) - before == decimal(self.oracle.lines[code])
        written = Posting.objects.filter(entry_id__gt=self.since).values("entry_id")
        legs = dict(written.annotate(legs=Number("*")).values_list("entry_id", "legs"))
        assert legs == {
            self.entry_ids[number]: len(booked.legs)
            for number, booked in self.oracle.entries.items()
        }
        today = self.first_day + timedelta(days=self.oracle.day)
        assert calendar_queries.business_date() == today
        self._prove()

    # ---- How both are told

    def _open(self, maximum, *, put_in):
        number = len(self.real) + 1
        self.real[number] = LedgerAccountFactory(maximum=decimal(maximum))
        self.oracle.accounts[number] = Account(maximum=maximum)
        self._post([Leg("DEBIT", "1020", put_in), Leg("CREDIT", number, put_in)])
        return number

    def _post(self, legs, takes=(), *, value_day=None):
        name = f"{self.run}:{self.steps}:{len(self.oracle.references)}"
        return self._agree_on_entry(name, legs, takes, value_day)

    def _agree_on_entry(self, name, legs, takes, value_day):
        must = self.oracle.post(name, (legs, value_day), legs, takes, value_day=value_day)
        day = None if value_day is None else self.first_day + timedelta(days=value_day)
        posted = self._agree(
            must, post, *map(self._line_of, legs), reference=name, owner=self.run, value_date=day,
            counts=[Count(*take.key, decimal(take.amount), decimal(take.cap)) for take in takes],
        )  # fmt: skip
        return self._remember(must, posted)

    def _reverse(self, number, reference):
        must = self.oracle.reverse(number, reference, "model")
        posted = self._agree(
            must, undo, self.entry_ids[number], reference=reference, owner=self.run, memo="model"
        )
        return self._remember(must, posted)

    def _remember(self, must, posted):
        if isinstance(must, No):
            return multiple()  # Nothing to reverse later.
        known = self.entry_ids.setdefault(must.number, posted.entry_id)
        assert known == posted.entry_id
        return must.number

    def _line_of(self, leg):
        account = (
            chart.line(leg.account) if isinstance(leg.account, str) else self.real[leg.account]
        )
        return (debit if leg.side == "DEBIT" else credit)(account, money(leg.amount))

    def _agree(self, must, deed, *subject, **facts):
        fired[f"no: {must.code}" if isinstance(must, No) else deed.__name__] += 1
        try:
            done = deed(*subject, **facts)
        except Refusal as refusal:
            assert isinstance(must, No), f"refused: {refusal.code} {refusal.facts}"
            assert refusal.code == must.code
            for name, amount in must.figures.items():
                assert refusal.facts[name] == money(amount), (name, refusal.facts)
            return None
        assert not isinstance(must, No), f"not refused: {must}"
        return done

    def _line(self, code):
        line = chart.line(code)
        balance = chart.line_balance(line).amount
        return balance if line.normal_side == "DEBIT" else -balance

    def _open_from(self):
        return calendar_queries.BusinessDay.objects.get().open_from

    def _prove(self):
        broken = [proof for proof in proofs.prove(since=self.since) if not proof.holds]
        assert not broken, [(proof.name, proof.faults[:3]) for proof in broken]


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
