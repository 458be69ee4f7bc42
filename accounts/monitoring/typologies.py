"""
The arithmetic of the rules (kenya.md 7.5, rules 1, 2 and 4): payments and parameters go in, and
what was found comes out, with why. Nothing here asks the books or the clock.

Spans of hours roll; a span of days is so many calendar days in Nairobi, the last one included.
Amounts are in KES. Money between a customer's own accounts (`is_own`) has not moved to anybody.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from accounts.monitoring.models import MonitorRule
from accounts.monitoring.refusals import BadParameters
from ledger.calendar.queries import nairobi_date
from wekeza.kit import words

LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Movement:
    """What one entry did to one account of a customer; `amount` is positive, in KES."""

    entry_id: int
    account_id: int
    at: datetime
    direction: str
    amount: Decimal
    kind: str
    is_own: bool = False

    @property
    def day(self) -> date:
        return nairobi_date(self.at)

    def as_own(self) -> "Movement":
        """This will give the same movement as one between the customer's own accounts."""
        return replace(self, is_own=True)


@dataclass(frozen=True, slots=True)
class History:
    """
    A customer's movements in the order of time, from some day on; and for each account since when
    its holder had moved nothing before that day: the last own movement, or its opening.
    """

    movements: list[Movement]
    quiet_since: dict[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """That a rule was met, by the movement `by`, on all of `rows`; why, in words and figures."""

    by: Movement
    rows: tuple[Movement, ...]
    why: str
    figures: dict

    @property
    def at(self) -> datetime:
        return self.by.at

    @property
    def window_start(self) -> datetime:
        return min(row.at for row in self.rows)


@dataclass(frozen=True, slots=True)
class Structuring:
    """
    Cash kept below a threshold of reporting: `least_count` deposits of `from_percent` to
    `to_percent` of a threshold within `days`, or deposits below it that reach it in `sum_hours`.
    """

    thresholds: tuple[Decimal, ...]
    from_percent: Decimal
    to_percent: Decimal
    least_count: int
    days: int
    sum_hours: int
    kinds: tuple[str, ...]

    def check(self) -> None:
        """This will refuse parameters that say nothing. :raises BadParameters: if so."""
        _need(0 < self.from_percent <= self.to_percent <= 100, "the percentages do not ascend")
        _need(self.least_count >= 2, "one deposit is no structure")
        _need(bool(self.thresholds and self.kinds), "thresholds and kinds are needed")

    @property
    def reach_days(self) -> int:
        """How many days before a payment its verdict may look."""
        return max(self.days, self.sum_hours // 24 + 1)

    def look(self, history: History) -> Iterator[Finding]:
        """This will find each deposit that completes a structure; the lowest threshold first."""
        near: list[Movement] = []
        for row in history.movements:
            if row.direction != "in" or row.kind not in self.kinds:
                continue
            first = row.day - timedelta(self.reach_days)
            near = [one for one in near if one.day >= first] + [row]
            found = (self._at(row, near, threshold) for threshold in sorted(self.thresholds))
            yield from [one for one in found if one][:1]

    def _at(self, by: Movement, rows: list[Movement], threshold: Decimal) -> Finding | None:
        least, most = (threshold * part / 100 for part in (self.from_percent, self.to_percent))
        since = by.day - timedelta(self.days - 1)
        near = [row for row in rows if row.day >= since and least <= row.amount <= most]
        if by in near and len(near) >= self.least_count:
            total = _sum(near)
            return Finding(
                by,
                tuple(near),
                f"{len(near)} cash deposits of {_kes(least)} to {_kes(most)} each within "
                f"{self.days} days, {_kes(total)} together: each is {self.from_percent:f} to "
                f"{self.to_percent:f}% of the threshold of {_kes(threshold)}.",
                {"threshold": threshold, "count": len(near), "total": total},
            )
        since_at = by.at - timedelta(hours=self.sum_hours)
        below = [row for row in rows if row.at >= since_at and row.amount < threshold]
        total = _sum(below)
        if by in below and len(below) >= 2 and total >= threshold:
            return Finding(
                by,
                tuple(below),
                f"{len(below)} cash deposits within {self.sum_hours} hours make {_kes(total)}; "
                f"none of them alone reaches the threshold of {_kes(threshold)}.",
                {"threshold": threshold, "count": len(below), "total": total},
            )
        return None


@dataclass(frozen=True, slots=True)
class PassThrough:
    """
    Money that only passes: a sum of `least_in` or more comes in and `out_percent` of it leaves
    within `hours`, `least_count` times within `days`. What leaves is counted once: against the
    oldest such sum that is not yet covered.
    """

    least_in: Decimal
    out_percent: Decimal
    hours: int
    least_count: int
    days: int

    def check(self) -> None:
        """This will refuse parameters that say nothing. :raises BadParameters: if so."""
        _need(0 < self.out_percent <= 100, "the percentage must be above 0 and at most 100")

    @property
    def reach_days(self) -> int:
        """How many days before a payment its verdict may look."""
        return self.days + 2 * (self.hours // 24 + 1)

    def look(self, history: History) -> Iterator[Finding]:
        """This will find each payment out that completes the last of so many passes."""
        open_sums: list[_Passing] = []
        passed: list[_Passing] = []
        for row in history.movements:
            if row.is_own:
                continue
            if row.direction == "in":
                if row.amount >= self.least_in:
                    open_sums.append(_Passing(row, left=row.amount))
                continue
            since = row.at - timedelta(hours=self.hours)
            open_sums = [one for one in open_sums if one.money_in.at >= since and one.left > 0]
            done = [one for one in _leave(row, open_sums) if self._has_passed(one, row)]
            passed += done
            first = row.day - timedelta(self.days - 1)
            recent = [one for one in passed if one.money_in.day >= first]
            if done and len(recent) >= self.least_count:
                yield self._finding(row, recent)

    def _has_passed(self, one: "_Passing", row: Movement) -> bool:
        gone = one.money_in.amount - one.left
        is_enough = gone * 100 >= one.money_in.amount * self.out_percent
        was_enough = one.is_passed
        one.is_passed = is_enough
        return is_enough and not was_enough

    def _finding(self, by: Movement, passes: list["_Passing"]) -> Finding:
        rows = {row: None for one in passes for row in (one.money_in, *one.out)}
        total = _sum([one.money_in for one in passes])
        gone = sum((one.money_in.amount - one.left for one in passes), Decimal(0))
        return Finding(
            by,
            tuple(sorted(rows, key=_in_time)),
            f"{len(passes)} times within {self.days} days a sum of {_kes(self.least_in)} or more "
            f"came in and {self.out_percent:f}% or more of it left within {self.hours} hours: "
            f"{_kes(total)} came in, {_kes(gone)} of it left.",
            {"count": len(passes), "money_in": total, "money_out": gone},
        )


@dataclass(frozen=True, slots=True)
class DormantRevival:
    """
    An account whose holder moved nothing for `quiet_days`, and then `least_out` or more leaves it
    within `days` of the first movement. Whatever goes out is the holder's deed, but for the kinds
    in `bank_out`, which the bank takes; what comes in is theirs only if its kind is in `own_in`.
    """

    quiet_days: int
    least_out: Decimal
    days: int
    own_in: tuple[str, ...]
    bank_out: tuple[str, ...]

    def check(self) -> None:
        """This will refuse parameters that say nothing. :raises BadParameters: if so."""
        _need(self.quiet_days > self.days, "the quiet time is shorter than the time after it")
        _need(bool(self.own_in), "the kinds that a holder brings are needed")

    @property
    def reach_days(self) -> int:
        """How many days before a payment its verdict may look."""
        return self.days

    def look(self, history: History) -> Iterator[Finding]:
        """This will find each payment out after which enough has left a revived account."""
        for account, began in history.quiet_since.items():
            last, woke, out = began, None, []
            for row in (one for one in history.movements if one.account_id == account):
                if not self._is_the_holders(row):
                    continue
                if row.at - last >= timedelta(self.quiet_days):
                    woke, out, quiet = row, [], last
                last = row.at
                if woke is None or row.day > woke.day + timedelta(self.days - 1):
                    continue
                if row.direction == "out" and not row.is_own:
                    out.append(row)
                    if _sum(out) >= self.least_out:
                        yield self._finding(woke, out, quiet)

    def _is_the_holders(self, row: Movement) -> bool:
        return row.kind in self.own_in if row.direction == "in" else row.kind not in self.bank_out

    def _finding(self, woke: Movement, out: list[Movement], quiet: datetime) -> Finding:
        total = _sum(out)
        return Finding(
            out[-1],
            tuple(dict.fromkeys([woke, *out])),
            f"The holder had moved nothing since {words.day(quiet)}. Then {_kes(total)} left the "
            f"account within {self.days} days of {words.day(woke.at)}.",
            {"quiet_days": (woke.at - quiet).days, "total": total},
        )


@dataclass(slots=True)
class _Passing:
    """A large sum that came in, what left against it, and how much of it is still there."""

    money_in: Movement
    left: Decimal
    out: list[Movement] = field(default_factory=list)
    is_passed: bool = False


def _leave(row: Movement, open_sums: list[_Passing]) -> list[_Passing]:
    """Let a payment out take from the oldest sums; gives those that it took from."""
    rest, touched = row.amount, []
    for one in open_sums:
        part = min(rest, one.left)
        if part > 0:
            one.left -= part
            one.out.append(row)
            touched.append(one)
            rest -= part
    return touched


Rule = Structuring | PassThrough | DormantRevival
RULES: dict[str, type] = {
    MonitorRule.Code.STRUCTURING: Structuring,
    MonitorRule.Code.PASS_THROUGH: PassThrough,
    MonitorRule.Code.DORMANT: DormantRevival,
}


def read(code: str, parameters: dict) -> Rule:
    """
    This will read the parameters of a rule: amounts and percentages as text, counts as numbers.

    :raises BadParameters: if one is missing, unknown, or makes no sense.
    """
    shape = RULES[code]
    wanted = {one.name: one.type for one in fields(shape)}
    odd = sorted(wanted.keys() ^ parameters.keys())
    _need(not odd, f"{', '.join(odd)} missing or unknown")
    rule = shape(**{name: _value(name, parameters[name], wanted[name]) for name in wanted})
    rule.check()
    return rule


def written(rule: Rule) -> dict:
    """This will write a rule's parameters as they are kept: JSON, with amounts as text."""
    return {one.name: _json(getattr(rule, one.name)) for one in fields(rule)}


def look(rule: Rule, history: History) -> list[Finding]:
    """This will give what a rule finds in a customer's history, in the order of time."""
    ordered = History(sorted(history.movements, key=_in_time), history.quiet_since)
    return sorted(rule.look(ordered), key=lambda one: _in_time(one.by))


def _value(name: str, value, shape):
    reader: Callable = {
        int: _whole,
        Decimal: _decimal,
        tuple[str, ...]: lambda value: tuple(_word(one) for one in _some(value)),
        tuple[Decimal, ...]: lambda value: tuple(_decimal(one) for one in _some(value)),
    }[shape]
    try:
        return reader(value)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise BadParameters(why=f"{name} cannot be {value!r}") from error


def _whole(value) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 10_000:
        raise ValueError
    return value


def _decimal(value) -> Decimal:
    if not isinstance(value, str) or not 0 < Decimal(value) <= LARGEST:
        raise ValueError
    return Decimal(value)


def _word(value) -> str:
    if not isinstance(value, str) or not value.replace("_", "").isalnum() or len(value) > 30:
        raise ValueError
    return value


def _some(value) -> list:
    if not isinstance(value, list) or len(value) > 20:
        raise ValueError
    return value


def _json(value):
    if isinstance(value, tuple):
        return [_json(one) for one in value]
    return f"{value:f}" if isinstance(value, Decimal) else value


def _need(is_so: bool, why: str) -> None:
    if not is_so:
        raise BadParameters(why=why)


def _sum(rows: list[Movement]) -> Decimal:
    return sum((row.amount for row in rows), Decimal(0))


def _kes(amount: Decimal) -> str:
    return words.plain(amount)


def _in_time(row: Movement) -> tuple:
    return row.at, row.entry_id, row.direction
