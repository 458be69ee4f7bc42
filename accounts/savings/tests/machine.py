"""
Savings interest against an oracle: a machine that puts in, takes out, posts to earlier days, lets
nights come on time or late, and pays each month; the oracle works each day out anew, in fractions.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from accounts.factories import SavingsAccountFactory
from accounts.savings import operations as savings
from accounts.savings.models import InterestAccrual, InterestPayment
from ledger.calendar import operations as calendar_operations
from ledger.calendar import queries as calendar
from ledger.factories import put_in, take_out
from wekeza.kit.actor import SYSTEM

MILLIONTH, CENT = Fraction(1, 1_000_000), Fraction(1, 100)
LEAST, RATE, TAX = (
    Fraction(1000),
    Fraction(1, 100),
    Fraction(15, 100),
)  # Mission and Income Tax Act.


def half_up(amount: Fraction, coin: Fraction) -> Fraction:
    """Rounded half away from nothing, as PostgreSQL rounds numerics."""
    whole = abs(amount) / coin + Fraction(1, 2)
    rounded = (whole.numerator // whole.denominator) * coin
    return rounded if amount >= 0 else -rounded


@dataclass
class Saver:
    """What the oracle knows of an account: what moved on which value date, and what was paid."""

    moves: list[tuple[date, Fraction]] = field(default_factory=list)
    earned: dict[date, Fraction] = field(default_factory=dict)
    left: Fraction = Fraction(0)  # Earned and not paid.
    paid: list[tuple[Fraction, Fraction]] = field(default_factory=list)

    def balance(self, day: date) -> Fraction:
        return sum((amount for on, amount in self.moves if on <= day), Fraction(0))

    def of_day(self, day: date) -> Fraction:
        """What a day earns by its balance: 1% a year by 365, to a millionth."""
        base = self.balance(day)
        return Fraction(0) if base < LEAST else half_up(base * RATE / 365, MILLIONTH)

    def close(self, day: date) -> None:
        """The night: this day, and each earlier one whose balance is another than it was."""
        for each in [*self.earned, day]:
            now = self.of_day(each)
            self.left += now - self.earned.get(each, Fraction(0))
            self.earned[each] = now

    def pay(self) -> None:
        gross = max(half_up(self.left, CENT), Fraction(0))
        self.paid.append((gross, half_up(gross * TAX, CENT)))
        self.left -= gross


class Nights(RuleBasedStateMachine):
    """Two savers, and days that pass; each night is compared."""

    @initialize(first=st.integers(1000, 400_000), second=st.integers(1000, 1010))
    def open(self, first, second):
        self.savers, self.real, self.since = [], [], calendar.business_date()
        for shillings in (first, second):
            self.real.append(SavingsAccountFactory(balance=shillings))
            self.savers.append(Saver([(self.since, Fraction(shillings))]))
        self.cuts = [self._cut()]

    @rule(which=st.integers(0, 1), cents=st.integers(1, 9_000_000), back=st.integers(0, 4))
    def put_in(self, which, cents, back):
        day = max(calendar.business_date() - timedelta(days=back), self.since)
        put_in(self._ledger(which), Decimal(cents).scaleb(-2), value_date=day, at=self._noon())
        self._move(which, day, cents * CENT)

    @rule(which=st.integers(0, 1), share=st.integers(1, 100))
    def take_out(self, which, share):
        today = calendar.business_date()
        held = self.savers[which].balance(today)
        cents = int(held * share / 100 / CENT)
        if cents:
            amount = Decimal(cents).scaleb(-2)
            take_out(self._ledger(which), amount, is_below_minimum=True, at=self._noon())
            self._move(which, today, -cents * CENT)

    @rule(nights=st.integers(1, 3), times=st.integers(1, 2))
    def pass_nights(self, nights, times):
        for _ in range(nights):
            day, cut = calendar.business_date(), self._cut()
            for _ in range(times):  # The second run must write nothing.
                savings.accrue(
                    day=day, moment=calendar.ends_at(day), late_from=cut, back_from=self.cuts[-1],
                    **self._range(),
                )  # fmt: skip
            for saver in self.savers:
                saver.close(day)
            self.cuts.append(cut)
            if (day + timedelta(days=1)).day == 1:
                self._pay(day, times)
            self._compare()
            calendar_operations.roll(from_date=day, actor=SYSTEM)

    def _pay(self, day, times):
        for _ in range(times):
            savings.pay(day=day, actor=SYSTEM, at=calendar.ends_at(day), **self._range())
        for saver in self.savers:
            saver.pay()
            gross, tax = saver.paid[-1]
            # It is paid after the day was worked out: it earns from the next one.
            saver.moves += [(day + timedelta(days=1), gross - tax)] if gross else []

    def _compare(self):
        for saver, account in zip(self.savers, self.real, strict=True):
            rows = InterestAccrual.objects.filter(account_id=account.ledger_account_id)
            found = dict.fromkeys(saver.earned, Fraction(0))
            for row in rows:
                found[row.for_day] += Fraction(row.amount)
            assert found == saver.earned
            payments = InterestPayment.objects.filter(account=account).order_by("paid_on")
            assert [(Fraction(one.gross), Fraction(one.tax)) for one in payments] == saver.paid
            account.ledger_account.refresh_from_db()
            tomorrow = calendar.business_date() + timedelta(days=1)
            assert Fraction(account.ledger_account.money.amount) == saver.balance(tomorrow)

    def _move(self, which, day, amount):
        self.savers[which].moves.append((day, amount))

    def _ledger(self, which):
        return self.real[which].ledger_account

    def _noon(self):
        return calendar.ends_at(calendar.business_date()) - timedelta(hours=12)

    def _cut(self):
        day = calendar.business_date()
        after = self.cuts[-1] - 1 if hasattr(self, "cuts") else 0
        return calendar_operations.cut_off(day=day, moment=calendar.ends_at(day), after=after)

    def _range(self):
        ids = [account.ledger_account_id for account in self.real]
        return {"first": min(ids), "last": max(ids)}
