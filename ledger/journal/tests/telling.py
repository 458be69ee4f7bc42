"""
How both banks are told a deed, and what is compared after each. Numbers of the oracle are the
bank's own; `self.real`, `self.entry_ids` and `self.real_holds` map them to what the books have.
"""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count

from django.db.models import Count as Number
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple

from ledger.calendar import queries as calendar_queries
from ledger.chart import queries as chart
from ledger.chart.models import Balance
from ledger.chart.models import Counter as Limit
from ledger.factories import LedgerAccountFactory, pay, place, post, undo
from ledger.holds.models import Hold
from ledger.journal.lines import BatchLine, Count, Taking, credit, debit
from ledger.journal.models import Posting
from ledger.journal.tests.oracle import Account, Leg, No, Oracle
from ledger.money import kes
from ledger.proofs import queries as proofs
from wekeza.kit.errors import Refusal

CENT = Fraction(1, 100)
LINES = ("1020", "1150", "4110", "2210")
PROVE_EVERY = 25  # Steps; and at the end of every run.
fired: Counter = Counter()  # How often each rule ran, over all runs.
_runs = count(1)


def decimal(amount: Fraction | None) -> Decimal | None:
    """A fraction of whole cents as the exact decimal that it is."""
    return None if amount is None else Decimal(int(amount / CENT)).scaleb(-2)


def money(amount: Fraction):
    """A fraction of whole cents as shillings."""
    return kes(decimal(amount))


class TwoBanks(RuleBasedStateMachine):
    """The books and the oracle; the invariant is that both agree."""

    accounts = Bundle("accounts")
    entries = Bundle("entries")
    references = Bundle("references")
    held = Bundle("held")
    batches = Bundle("batches")

    def __init__(self):
        super().__init__()
        self.run = f"model:{next(_runs)}"
        self.oracle = Oracle()
        self.real: dict[int, object] = {}
        self.entry_ids: dict[int, int] = {}
        self.real_holds: dict[int, Hold] = {}
        self.steps = 0
        self.since = proofs.last_entry_id()
        self.first_day = calendar_queries.business_date()
        self.before = {code: self._line(code) for code in LINES}

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
            assert row.held == decimal(account.held)
            assert row.minimum == decimal(account.minimum)
            assert row.maximum == decimal(account.maximum)
            assert (row.takes_debits, row.takes_credits) == (account.pays, account.takes)
        used = Limit.objects.filter(owner_ref__startswith=f"{self.run}:")
        mine = {(row.owner_ref, row.kind, row.period_start): row.used for row in used}
        for key in mine.keys() | self.oracle.used.keys():
            assert mine.get(key, 0) == decimal(self.oracle.used.get(key, Fraction(0)))
        known = [hold.pk for hold in self.real_holds.values()]
        real_holds = {row.pk: row for row in Hold.objects.filter(pk__in=known)}
        for number, hold in self.oracle.holds.items():
            row = real_holds[self.real_holds[number].pk]
            assert (row.state, row.captured) == (hold.state, decimal(hold.captured))
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

    def _post(self, legs, takes=(), *, value_day=None, **how):
        name = f"{self.run}:{self.steps}:{len(self.oracle.references)}"
        return self._agree_on_entry(name, legs, takes, value_day, **how)

    def _agree_on_entry(
        self, name, legs, takes, value_day, *, hold=None, keeps_rest=False, is_below_minimum=False
    ):
        must = self.oracle.post(
            name, (legs, value_day, hold), legs, takes, value_day=value_day, hold=hold,
            keeps_rest=keeps_rest, is_below_minimum=is_below_minimum,
        )  # fmt: skip
        posted = self._agree(
            must, post, *map(self._line_of, legs), reference=name, owner=self.run,
            value_date=self._date(value_day), counts=list(map(_count, takes)),
            takes=None if hold is None else Taking(self.real_holds[hold].pk, keeps_rest),
            is_below_minimum=is_below_minimum,
        )  # fmt: skip
        return self._remember(must, posted)

    def _agree_on_batch(self, name, lines, is_partial):
        must = self.oracle.post_batch(name, lines, is_partial=is_partial)
        told = [
            BatchLine(
                self._line_of(legs[0]).account_id, self._line_of(legs[1]).account_id,
                money(legs[0].amount), counts=tuple(map(_count, takes)),
            )
            for legs, takes in lines
        ]  # fmt: skip
        done = self._agree(must, pay, *told, owner=self.run, reference=name, is_partial=is_partial)
        if isinstance(must, No):
            return multiple()
        assert len(done.entry_ids) == len(must.lines)
        for number, (answer, entry_id) in enumerate(
            zip(must.lines, done.entry_ids, strict=True), 1
        ):
            if isinstance(answer, No):
                fired[f"line: {answer.code}"] += 1
                assert entry_id is None
                _compare(answer, done.refusals[number])
            else:
                assert self.entry_ids.setdefault(answer, entry_id) == entry_id
        return multiple(*(answer for answer in must.lines if not isinstance(answer, No)))

    def _agree_on_hold(self, name, account, kind, amount, last_day):
        must = self.oracle.place(name, account, kind, amount, last_day=last_day)
        hold = self._agree(
            must, place, self.real[account], decimal(amount), owner=self.run, reference=name,
            kind=kind, expires_on=self._date(last_day),
        )  # fmt: skip
        if isinstance(must, No):
            return multiple()
        assert self.real_holds.setdefault(must, hold) == hold
        return must

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
            _compare(must, refusal)
            return None
        assert not isinstance(must, No), f"not refused: {must}"
        return done

    def _date(self, day):
        return None if day is None else self.first_day + timedelta(days=day)

    def _line(self, code):
        line = chart.line(code)
        balance = chart.line_balance(line).amount
        return balance if line.normal_side == "DEBIT" else -balance

    def _open_from(self):
        return calendar_queries.BusinessDay.objects.get().open_from

    def _prove(self):
        broken = [proof for proof in proofs.prove(since=self.since) if not proof.holds]
        assert not broken, [(proof.name, proof.faults[:3]) for proof in broken]


def _count(take) -> Count:
    return Count(*take.key, decimal(take.amount), decimal(take.cap))


def _compare(must: No, refusal: Refusal) -> None:
    assert refusal.code == must.code, (must, refusal.facts)
    for name, amount in must.figures.items():
        assert refusal.facts[name] == money(amount), (name, refusal.facts)
    if must.line is not None:
        assert refusal.facts["line"] == must.line
