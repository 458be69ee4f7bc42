"""Instalments: what each due date takes, and what of it is principal and interest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models

from ledger.money import Money
from lending.schedules.day_counts import year_part
from lending.schedules.due_dates import DueDate


class Method(models.TextChoices):
    """How interest is worked out (kenya.md 4.4)."""

    REDUCING = "REDUCING", "On what is still owed"
    FLAT = "FLAT", "On the first amount, to the end"
    ONCE = "ONCE", "One charge"


class Periods(models.TextChoices):
    """What a period of a reducing balance is for its interest."""

    MONTHS = "MONTHS", "Equal months, a twelfth of the year each"
    DAYS = "DAYS", "The days that pass, by the day count"


@dataclass(frozen=True, slots=True)
class Instalment:
    """
    One due date's take. `contractual` is the day its interest runs to, `due` the business day on
    which it is taken, `owed_after` the principal that is left.
    """

    number: int
    due: date
    contractual: date
    principal: Money
    interest: Money
    owed_after: Money

    @property
    def total(self) -> Money:
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class Rate:
    """An interest rate in percent, and how it is counted; `percent` of ONCE is of the loan."""

    percent: Decimal
    method: str
    periods: str
    day_count: str


def schedule(
    principal: Money, *, start: date, rate: Rate, dates: list[DueDate]
) -> list[Instalment]:
    """
    This will give the instalments of a loan paid out on `start`: level payments to the coin, of
    which the last takes what rounding left.

    :raises ValueError: if there is no due date, or the principal is not positive.
    """
    if not dates or principal.amount <= 0:
        raise ValueError("a schedule has a due date and a principal")
    if rate.method == Method.REDUCING:
        return _reducing(principal, period_rates(start, rate, dates), dates)
    return _level(principal, _whole_interest(principal, start, rate, dates), dates)


def period_rates(start: date, rate: Rate, dates: list[DueDate]) -> list[Decimal]:
    """This will give the rate of each period, as a part of one."""
    if rate.periods == Periods.MONTHS:
        return [rate.percent / 1200] * len(dates)
    ends = [day.contractual for day in dates]
    return [
        rate.percent / 100 * year_part(first, last, rate.day_count)
        for first, last in zip([start, *ends], ends, strict=False)
    ]


def _reducing(principal: Money, rates: list[Decimal], dates: list[DueDate]) -> list[Instalment]:
    level = Money.rounded(level_payment(principal.amount, rates), principal.currency)
    nothing = Money.zero(principal.currency)
    owed, rows = principal, []
    for number, (part, day) in enumerate(zip(rates, dates, strict=True), 1):
        interest = Money.rounded(owed.amount * part, owed.currency)
        # Early in a long loan a month of 31 days may cost more than the level payment: then it is
        # paid whole, for what is owed never grows.
        paid = owed if number == len(dates) else min(max(level - interest, nothing), owed)
        owed -= paid
        rows.append(Instalment(number, day.due, day.contractual, paid, interest, owed))
    return rows


def level_payment(principal: Decimal, rates: Iterable[Decimal]) -> Decimal:
    """
    This will give, unrounded, the payment that brings a principal to nothing over periods of these
    rates: P / (sum of the discount factors); for equal periods P·i / (1 − (1+i)^−n).
    """
    factor, factors = Decimal(1), Decimal(0)
    for rate in rates:
        factor /= 1 + rate
        factors += factor
    return principal / factors


def _whole_interest(principal: Money, start: date, rate: Rate, dates: list[DueDate]) -> Money:
    if rate.method == Method.ONCE:
        years = Decimal(1)
    elif rate.periods == Periods.MONTHS:
        years = Decimal(len(dates)) / 12
    else:
        years = year_part(start, dates[-1].contractual, rate.day_count)
    return Money.rounded(principal.amount * rate.percent / 100 * years, principal.currency)


def _level(principal: Money, interest: Money, dates: list[DueDate]) -> list[Instalment]:
    """Principal and interest in equal parts; the last takes the rest of each."""
    count, currency = len(dates), principal.currency
    part = Money.rounded(principal.amount / count, currency)
    charge = Money.rounded(interest.amount / count, currency)
    owed, left, rows = principal, interest, []
    for number, day in enumerate(dates, 1):
        is_last = number == count
        paid, cost = (owed, left) if is_last else (min(part, owed), min(charge, left))
        owed, left = owed - paid, left - cost
        rows.append(Instalment(number, day.due, day.contractual, paid, cost, owed))
    return rows
