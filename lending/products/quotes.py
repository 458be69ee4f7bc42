"""What a loan would cost: the three lines that always stand together, and its whole schedule."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accounts.tariffs import queries as tariffs
from accounts.tariffs.queries import Fee
from ledger.calendar import queries as calendar
from ledger.money import Money
from lending.products.models import LoanTerm, Tenor
from lending.schedules import cost as costs
from lending.schedules.cost import Flow, YearlyCost
from lending.schedules.due_dates import DAYS, DueDate, Frequency, due_dates, due_once
from lending.schedules.instalments import Instalment, Periods, Rate, schedule


@dataclass(frozen=True, slots=True)
class Quote:
    """
    A loan as it would be, paid out on `start`: the customer gets the principal less the fee, which
    is taken in the same moment and never before, and repays the total by the last due date.
    """

    term: LoanTerm
    start: date
    tenor: int
    percent: Decimal
    principal: Money
    fee: Fee
    instalments: list[Instalment]
    cost: YearlyCost

    @property
    def received(self) -> Money:
        return self.principal - self.fee.gross

    @property
    def interest(self) -> Money:
        return sum((row.interest for row in self.instalments), Money.zero(self.principal.currency))

    @property
    def total(self) -> Money:
        return self.principal + self.interest

    @property
    def costs(self) -> Money:
        """All that the loan costs when it is paid on time: interest and the fee."""
        return self.interest + self.fee.gross

    @property
    def repaid_by(self) -> date:
        return self.instalments[-1].due

    @property
    def first(self) -> Instalment:
        return self.instalments[0]

    @property
    def is_once(self) -> bool:
        return len(self.instalments) == 1


def quote(term: LoanTerm, *, principal: Money, tenor: int, percent: Decimal, start: date) -> Quote:
    """
    This will work out what a loan of these terms costs that is paid out on `start`; `tenor` is in
    the term's days or months, `percent` its rate (of the loan, where it is one charge). What falls
    on no business day is due on the next one.
    """
    dates = _due_dates(term, tenor=tenor, start=start)
    rate = Rate(percent, term.method, term.periods, term.day_count)
    fee = Money.rounded(principal.amount * term.fee_percent / 100, principal.currency)
    rows = schedule(principal, start=start, rate=rate, dates=dates)
    return Quote(
        term=term,
        start=start,
        tenor=tenor,
        percent=percent,
        principal=principal,
        fee=tariffs.split(fee, term.fee_excise_class, on=start),
        instalments=rows,
        cost=_cost(term, principal - fee, rows, start=start),
    )


def ends_on(term: LoanTerm, *, tenor: int, start: date) -> date:
    """This will give the day a loan of so many days or months ends on by its contract."""
    if term.tenor_in == Tenor.MONTHS:
        return calendar.months_after(start, tenor)
    return start + timedelta(days=tenor)


def _due_dates(term: LoanTerm, *, tenor: int, start: date) -> list[DueDate]:
    days = (ends_on(term, tenor=tenor, start=start) - start).days
    settles = calendar.business_days(start, start + timedelta(days=days))
    if term.frequency == Frequency.ONCE:
        return due_once(start, days=days, next_business_day=settles)
    number = days // DAYS[term.frequency] if term.frequency in DAYS else tenor
    return due_dates(start, frequency=term.frequency, number=number, next_business_day=settles)


def _cost(term: LoanTerm, received: Money, rows: list[Instalment], *, start: date) -> YearlyCost:
    """Equal months count as months; everything else by its days, to the contract's dates."""
    nothing = Money.zero(received.currency)
    if term.periods == Periods.MONTHS:
        times, unit = range(1, len(rows) + 1), costs.MONTHS
    else:
        times, unit = [(row.contractual - start).days for row in rows], costs.DAYS
    flows = [Flow(at, nothing - row.total) for at, row in zip(times, rows, strict=True)]
    return costs.yearly_cost(
        [Flow(0, received), *flows], unit=unit, periods_a_year=_periods_a_year(term, rows, start)
    )


def _periods_a_year(term: LoanTerm, rows: list[Instalment], start: date) -> Decimal:
    if term.frequency == Frequency.MONTHLY:
        return Decimal(12)
    if term.frequency in DAYS:
        return Decimal(365) / DAYS[term.frequency]
    return Decimal(365) / (rows[-1].contractual - start).days
