"""What becomes of a schedule when principal is paid before its day; arithmetic only."""

from dataclasses import replace
from datetime import date

from ledger.money import Money
from lending.schedules.due_dates import DueDate
from lending.schedules.instalments import Instalment, Rate, period_rates


def cut(
    rows: list[Instalment], *, on: date, interest: Money, paid: Money, rate: Rate
) -> list[Instalment]:
    """
    This will give the instalments that take the place of `rows`, the running one and those after
    it, when `paid` of their principal is paid on `on`, up to which `interest` has run:

    - one that ends on `on`, with that principal and that interest;
    - the rest of the running one, whose interest is now on what is still owed;
    - those after it: the same, or, when more was paid than the running one takes, the same payment
      for a shorter time (kenya.md 4.9).

    :raises ValueError: if it is more than the principal of them all.
    """
    running, later = rows[0], rows[1:]
    nothing = Money.zero(paid.currency)
    owed = sum((row.principal for row in rows), nothing)
    if paid > owed:
        raise ValueError(f"{paid} is more than {owed}")
    left = owed - paid
    first = Instalment(running.number, running.due, on, paid, interest, left)
    if not left:
        return [first]
    share = left.amount / owed.amount
    charge = Money.rounded((running.interest - interest).amount * share, paid.currency)
    kept = max(running.principal - paid, nothing)
    number = running.number + 1
    rest = Instalment(number, running.due, running.contractual, kept, charge, left - kept)
    if paid > running.principal:
        later = _shorter(left, later, start=running.contractual, rate=rate)
    return [
        first,
        rest,
        *(replace(row, number=number + place) for place, row in enumerate(later, 1)),
    ]


def _shorter(owed: Money, rows: list[Instalment], *, start: date, rate: Rate) -> list[Instalment]:
    """Payments as high as before, on the same days, until nothing is owed."""
    level, nothing = rows[0].total, Money.zero(owed.currency)
    rates = period_rates(start, rate, [DueDate(row.due, row.contractual) for row in rows])
    found = []
    for row, part in zip(rows, rates, strict=True):
        charge = Money.rounded(owed.amount * part, owed.currency)
        paid = owed if row is rows[-1] else min(max(level - charge, nothing), owed)
        owed -= paid
        found.append(Instalment(row.number, row.due, row.contractual, paid, charge, owed))
        if not owed:
            break
    return found
