"""
How much of a loan a person carries: arithmetic, no tables. Each rule bounds the principal; the one
that leaves the least is the reason. Income is what they say, as far as it came to their accounts.
"""

from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal

from ledger.money import Money

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Income:
    """What somebody earns in a month, in KES: what they say, what came here, and before tax."""

    stated: Money
    seen: Money
    gross: Money | None = None

    @property
    def counted(self) -> Money:
        return min(self.stated, self.seen)

    @property
    def is_less_than_stated(self) -> bool:
        return self.seen < self.stated


@dataclass(frozen=True, slots=True)
class Salary:
    """Pay that came through the bank: months in a row, and the least of those that count."""

    months: int
    least_months: int
    net: Money
    times: int

    @property
    def most(self) -> Money:
        return Money.rounded(self.net.amount * self.times, "KES")


@dataclass(frozen=True, slots=True)
class Grade:
    """One price: from which score, the rate a year, and a month's instalment of what is asked."""

    from_score: int
    percent: Decimal
    instalment: Money


@dataclass(frozen=True, slots=True)
class Bound:
    """One rule: the most principal that it leaves, its code, and the figures of its words."""

    most: Money
    code: str = ""
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Capacity:
    """
    All by which the amount of a loan by instalments is judged. `dues` is what other loans take in
    the next month; `share` percent of income that all instalments may take (DSR); `gross_part`: one
    part of so many of gross pay stays; `cap` the most for the tier (None: not lent at it). Grades
    go by their price, the lowest first.
    """

    asked: Money
    income: Income
    dues: Money
    grades: list[Grade]
    cap: Money | None
    share: Decimal | None = None
    gross_part: int | None = None
    salary: Salary | None = None
    is_by_person: bool = False

    def grade(self, score: int | None) -> Grade:
        """This will give the price that a score reaches: the dearest, if it reaches none."""
        reached = (one for one in self.grades if score is not None and score >= one.from_score)
        return next(reached, self.grades[-1])

    def bound(self, score: int | None) -> Bound:
        """This will give the rule that leaves the least of what was asked; all of it: no code."""
        return _least(self.carried(score), self._by_level(), self._by_salary())

    def carried(self, score: int | None) -> Bound:
        """This will give the same of the rules on what the instalments of all loans take alone."""
        instalment = self.grade(score).instalment
        return _least(Bound(self.asked), self._by_share(instalment), self._by_gross(instalment))

    def _by_level(self) -> Bound | None:
        if self.cap is None:
            return Bound(Money.zero("KES"), "NOT_AT_LEVEL")
        return Bound(self.cap, "OVER_LEVEL", {"cap": str(self.cap)})

    def _by_salary(self) -> Bound | None:
        salary = self.salary
        if salary is None:
            return None
        if salary.months < salary.least_months:
            told = {"months": str(salary.months), "least": str(salary.least_months)}
            return Bound(Money.zero("KES"), "NO_SALARY", told)
        told = {"times": str(salary.times), "salary": str(salary.net), "most": str(salary.most)}
        return Bound(salary.most, "OVER_SALARY", told)

    def _by_share(self, instalment: Money) -> Bound | None:
        """Instalments of all loans take at most a share of income: DSR (kenya.md 4.5)."""
        if self.share is None:
            return None
        counted = self.income.counted
        room = counted.amount * self.share / 100 - self.dues.amount
        told = {
            "percent": f"{self.share.normalize():f}",
            "income": str(counted),
            "stated": str(self.income.stated),
            "dues": str(self.dues),
            "instalment": str(instalment),
            "most": str(Money.rounded(max(counted.amount * self.share / 100, Decimal(0)), "KES")),
        }
        code = "SHARE_OF_INCOME_SEEN" if self.income.is_less_than_stated else "SHARE_OF_INCOME"
        return Bound(self._principal(room, instalment), code, told)

    def _by_gross(self, instalment: Money) -> Bound | None:
        """A part of gross pay is left of net pay after all instalments (kenya.md 4.5)."""
        gross = self.income.gross
        if self.gross_part is None or gross is None:
            return None
        keeps = gross.amount / self.gross_part
        before = self.income.counted.amount - self.dues.amount
        told = {
            "gross": str(gross),
            "part": str(self.gross_part),
            "least": str(Money.rounded(keeps, "KES")),
            "left": str(Money.rounded(before - instalment.amount, "KES")),
            "instalment": str(instalment),
        }
        return Bound(self._principal(before - keeps, instalment), "PAY_LEFT", told)

    def _principal(self, room: Decimal, instalment: Money) -> Money:
        """
        What so much a month carries, to the shilling below, at most what was asked. An instalment
        goes with its principal but for a cent of rounding, which is kept back.
        """
        if room >= instalment.amount:
            return self.asked
        carried = max(room - CENT, Decimal(0)) * self.asked.amount / instalment.amount
        return Money(carried.quantize(Decimal(1), ROUND_DOWN), "KES")


def _least(*bounds: Bound | None) -> Bound:
    return min((one for one in bounds if one is not None), key=lambda one: one.most)
