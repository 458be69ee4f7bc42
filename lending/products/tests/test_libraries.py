"""
What each product costs at the terms of the seed, to the cent, against libraries: QuantLib has the
days and the parts of a year, scipy's brentq finds the level payment and the yearly rate.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
import QuantLib
from scipy.optimize import brentq

from ledger.money import kes
from lending.products import queries, quotes

pytestmark = pytest.mark.django_db
STARTS = (date(2026, 11, 20), date(2027, 1, 31), date(2028, 2, 29))

# Rate, fee, and least and most time and amount of kenya.md 4.5; SMEW is in transport (+2.5%).
MONTHLY = {
    "SALA": ("15", "1.5", (1, "1000"), (6, "500000")),
    "EMER": ("20", "1", (1, "500"), (3, "50000")),
    "PERS": ("15.5", "2", (3, "10000"), (60, "500000")),
    "ASST": ("14", "2", (12, "100000"), (60, "10000000")),
    "MORT": ("12", "1", (60, "500000"), (300, "50000000")),
    "SMEW": ("16.5", "2", (1, "50000"), (12, "10000000")),
}


def cents(figure) -> Decimal:
    return Decimal(figure).quantize(Decimal("0.01"), ROUND_HALF_UP)


def quote(code, amount, tenor, percent, start, **terms):
    term = queries.offer(code, on=start).term
    for name, value in terms.items():
        setattr(term, name, value)
    return quotes.quote(
        term, principal=kes(amount), tenor=tenor, percent=Decimal(percent), start=start
    )


def days_of(start: date, number: int, period) -> list[date]:
    """The first day and each day of the contract; a month without the day has its last one."""
    first = QuantLib.Date.from_date(start)
    return [(first + period * nth).to_date() for nth in range(number + 1)]


def reducing(amount: str, percent: str, days: list[date]) -> list[tuple[date, Decimal, Decimal]]:
    """Each day with its principal and interest: as much each time, the last one takes the rest."""
    counted = QuantLib.Actual365Fixed()
    dates = [QuantLib.Date.from_date(day) for day in days]
    parts = [counted.yearFraction(*pair) for pair in zip(dates, dates[1:], strict=False)]

    def left(payment: float) -> float:
        owed = float(amount)
        for part in parts:
            owed += owed * float(percent) / 100 * part - payment
        return owed

    level = cents(brentq(left, 0, 2 * float(amount), xtol=1e-9))
    owed, rows = Decimal(amount), []
    for first, last in zip(days, days[1:], strict=False):
        interest = cents(owed * Decimal(percent) * (last - first).days / 36500)
        paid = owed if last == days[-1] else level - interest
        owed -= paid
        rows.append((last, paid, interest))
    return rows


def yearly(received: Decimal, rows, start: date) -> float:
    """x of: sum of what is paid / (1+x)^(days / 365) = what was received (XIRR)."""
    flows = [((day - start).days / 365, float(paid + interest)) for day, paid, interest in rows]
    return brentq(
        lambda x: sum(flow / (1 + x) ** at for at, flow in flows) - float(received), 0, 1000,
        xtol=1e-12,
    )  # fmt: skip


def tenth(fraction: float) -> Decimal:
    return Decimal(fraction * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def check(found, rows, *, fee: str, a_year: float) -> None:
    """The schedule, its sums and both yearly costs; the fee is kept back from the payout."""
    amount, start = found.principal.amount, found.start
    kept = cents(amount * Decimal(fee) / 100)
    assert [
        (row.contractual, row.principal.amount, row.interest.amount) for row in found.instalments
    ] == rows
    interest = sum(row[2] for row in rows)
    assert (found.received, found.total) == (kes(amount - kept), kes(amount + interest))
    assert found.costs == kes(interest + kept)
    assert found.fee.net == kes(cents(kept / Decimal("1.2")))  # Excise of 20% is inside.
    effective = yearly(amount - kept, rows, start)
    apr = a_year * ((1 + effective) ** (1 / a_year) - 1)
    assert (found.cost.apr, found.cost.effective) == (tenth(apr), tenth(effective))


@pytest.mark.parametrize("code", MONTHLY)
def test_schedule_and_yearly_cost_of_each_month(code):
    percent, fee, *ends = MONTHLY[code]
    for start, (tenor, amount) in zip(STARTS, [*ends, ends[0]], strict=True):
        days = days_of(start, tenor, QuantLib.Period(1, QuantLib.Months))

        found = quote(code, amount, tenor, percent, start)

        check(found, reducing(amount, percent, days), fee=fee, a_year=12)


@pytest.mark.parametrize(("frequency", "weeks"), [("WEEKLY", 1), ("BIWEEKLY", 2)])
def test_schedule_and_yearly_cost_of_weeks(frequency, weeks):
    """The weeks that lie whole in the months: 60,000 for 12, 500 for 3."""
    for code, amount, tenor, percent, fee in (
        ("PERS", "60000", 12, "18", "2"), ("EMER", "500", 3, "20", "1"),
    ):  # fmt: skip
        for start in STARTS:
            end = days_of(start, tenor, QuantLib.Period(1, QuantLib.Months))[-1]
            number = (end - start).days // (7 * weeks)
            days = days_of(start, number, QuantLib.Period(weeks, QuantLib.Weeks))

            found = quote(code, amount, tenor, percent, start, frequency=frequency)

            check(found, reducing(amount, percent, days), fee=fee, a_year=365 / (7 * weeks))


def test_schedule_and_yearly_cost_of_thirty_days():
    """5% once, no fee, whatever the amount."""
    for start in STARTS:
        for amount in ("500", "4321", "100000"):
            [_, day] = days_of(start, 1, QuantLib.Period(30, QuantLib.Days))
            rows = [(day, Decimal(amount), cents(Decimal(amount) / 20))]

            found = quote("DIGI30", amount, 30, "5", start)

            check(found, rows, fee="0", a_year=365 / 30)


def test_schedule_and_yearly_cost_of_a_flat_rate():
    """What a flat rate by days would cost: interest on the first amount, in equal parts."""
    for start in STARTS:
        days = days_of(start, 12, QuantLib.Period(1, QuantLib.Months))
        part = QuantLib.Actual365Fixed().yearFraction(
            *(QuantLib.Date.from_date(days[nth]) for nth in (0, -1))
        )
        whole, paid = cents(100000 * 0.15 * part), cents(100000 / 12)
        each = cents(whole / 12)
        rows = [(day, paid, each) for day in days[1:-1]]
        rows.append((days[-1], 100000 - 11 * paid, whole - 11 * each))

        found = quote("PERS", "100000", 12, "15", start, method="FLAT")

        check(found, rows, fee="2", a_year=12)
