"""
The night's order: what is done to close a business date, step by step.

Every step is planned as ranges of ids; each range is done in a transaction of its own, by whichever
worker takes it, and done again it does nothing. A step that `needs_all` begins only when nothing of
the steps before it is left: what it does could not be made up later.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.savings import operations as savings
from accounts.savings import queries as savings_queries
from branch.close_of_business.models import CloseRun
from ledger.balances import operations as balances
from ledger.calendar import operations as calendar
from ledger.calendar import queries as calendar_queries
from ledger.holds import operations as holds
from ledger.holds import queries as hold_queries
from ledger.proofs import monitor, seals
from ledger.proofs.queries import last_entry_id
from lending.arrears import operations as arrears
from lending.collections import nights
from lending.earnings import operations as earnings
from lending.instructions import operations as instructions
from lending.instructions import queries as instruction_queries
from lending.loans import locks
from lending.monitoring import operations as monitoring
from lending.provisions import operations as provisions
from lending.repayments import operations as repayments
from wekeza.kit.actor import SYSTEM
from wekeza.kit.chunks import id_ranges

# Of a chunk. Those that hold their accounts until they are done are smaller.
ACCOUNTS, HELD, ENTRIES, LOANS = 100_000, 20_000, 20_000, 500
ONCE = ((0, 0),)

Plan = Callable[[CloseRun], Iterable[tuple[int, int]]]
Work = Callable[[CloseRun, int, int, datetime], int]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name in the records, its words, how it is planned and done."""

    name: str
    label: str
    plan: Plan
    work: Work
    needs_all: bool = False
    # Asked after the work; what it raises sets the chunk aside and undoes nothing of it.
    check: Callable[[], None] | None = None


class Broken(AssertionError):
    """A proof does not hold. A person looks before the date moves."""


def _expired(run: CloseRun) -> Iterable[tuple[int, int]]:
    return id_ranges(hold_queries.to_expire(day=run.business_date), HELD)


def _expire(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return holds.expire(day=run.business_date, first=first, last=last, actor=SYSTEM, at=at)


def bearing(day: date, size: int) -> Iterable[tuple[int, int]]:
    """This will give the ranges, `size` wide, of the accounts that bear interest on a day."""
    found = savings_queries.bearing_accounts(on=day)
    return id_ranges(found, size, field="ledger_account_id")


def _bearing(run: CloseRun) -> Iterable[tuple[int, int]]:
    return bearing(run.business_date, ACCOUNTS)


def _accrue(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return savings.accrue(
        day=run.business_date,
        moment=run.ends_at,
        late_from=run.late_entry,
        back_from=run.first_entry,
        first=first,
        last=last,
    )


def _book(run: CloseRun, first: int, last: int, at: datetime) -> int:
    booked = savings.book(
        day=run.business_date, late_from=run.late_entry, actor=SYSTEM, at=at
    )  # fmt: skip
    return int(bool(booked.entry_id))


def _bearing_at_month_end(run: CloseRun) -> Iterable[tuple[int, int]]:
    return bearing(run.business_date, HELD) if is_month_end(run.business_date) else ()


def _pay(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return savings.pay(day=run.business_date, first=first, last=last, actor=SYSTEM, at=at)


def entries(run: CloseRun, *, after: int | None = None) -> Iterable[tuple[int, int]]:
    """
    This will give the ranges of the open date's entries, or of those after entry `after`. Nobody
    posts for a moment, so that no entry of a range is still on its way.

    :raises BusinessDateMoved: if the date is no longer open.
    """
    start = calendar_queries.opened_after() if after is None else after
    came_next = calendar.cut_off(
        day=run.business_date, moment=run.ends_at, after=max(last_entry_id(), start)
    )
    for first in range(start + 1, came_next, ENTRIES):
        yield first, min(first + ENTRIES, came_next) - 1


def _instructed(run: CloseRun) -> Iterable[tuple[int, int]]:
    return id_ranges(instruction_queries.to_run(day=run.business_date), LOANS)


def _pay_instructed(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return instructions.run(day=run.business_date, first=first, last=last, at=at)


def _due_loans(run: CloseRun) -> Iterable[tuple[int, int]]:
    return id_ranges(repayments.to_collect(day=run.business_date), LOANS)


def _collect(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return repayments.sweep(day=run.business_date, first=first, last=last, at=at)


def _judged(run: CloseRun) -> Iterable[tuple[int, int]]:
    return id_ranges(arrears.to_judge(day=run.business_date), HELD)


def _count_days(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return arrears.count_days(day=run.business_date, first=first, last=last, at=at)


def _borrowers(run: CloseRun) -> Iterable[tuple[int, int]]:
    loans = arrears.to_judge(day=run.business_date)
    return id_ranges(loans, HELD, field="customer_id")


def _classify(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return arrears.classify(day=run.business_date, first=first, last=last, actor=SYSTEM, at=at)


def _ripe_loans(run: CloseRun) -> Iterable[tuple[int, int]]:
    return id_ranges(monitoring.to_note(day=run.business_date), HELD)


def _note_outcomes(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return monitoring.note(day=run.business_date, first=first, last=last, at=at)


def _late(run: CloseRun) -> Iterable[tuple[int, int]]:
    return id_ranges(nights.to_chase(day=run.business_date), LOANS)


def _chase(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return nights.chase(day=run.business_date, first=first, last=last, at=at)


def _earning_loans(run: CloseRun) -> Iterable[tuple[int, int]]:
    return id_ranges(earnings.earning(day=run.business_date), locks.WIDTH)


def _earn(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return earnings.earn(day=run.business_date, first=first, last=last)


def _book_loans(run: CloseRun, first: int, last: int, at: datetime) -> int:
    booked = earnings.book(day=run.business_date, actor=SYSTEM, at=at)
    return int(bool(booked.entry_id))


def _provided_at_month_end(run: CloseRun) -> Iterable[tuple[int, int]]:
    if not is_month_end(run.business_date):
        return ()
    provisions.begin(day=run.business_date)
    return id_ranges(provisions.to_provide(day=run.business_date), HELD)


def _provide(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return provisions.provide(day=run.business_date, first=first, last=last, at=at)


def _once_at_month_end(run: CloseRun) -> Iterable[tuple[int, int]]:
    return ONCE if is_month_end(run.business_date) else ()


def _book_provisions(run: CloseRun, first: int, last: int, at: datetime) -> int:
    booked = provisions.book(day=run.business_date, actor=SYSTEM, at=at)
    return int(bool(booked.entry_id))


def _keep_month(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return monitoring.keep_month(day=run.business_date, at=at)


def _write_balances(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return balances.write(day=run.business_date, first=first, last=last)


def _seal(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return seals.seal()


def _prove(run: CloseRun, first: int, last: int, at: datetime) -> int:
    return monitor.prove_all(at=at, since=0).asked


def _check_proven() -> None:
    if faults := monitor.found_by_night():
        proof, subject, fault = faults[0]
        raise Broken(f"{proof}: {subject}: {fault} (and {len(faults) - 1} more)")


def is_month_end(day: date) -> bool:
    """This will tell whether a day is the last of its month, on which interest is paid."""
    return (day + timedelta(days=1)).day == 1


STEPS = [
    Step("holds", "End the holds whose last day it was", _expired, _expire),
    Step("accrue", "Work out what savings earned", _bearing, _accrue),
    Step("book", "Book the interest as owed", lambda run: ONCE, _book, needs_all=True),
    Step("pay", "Pay the month’s interest, less tax", _bearing_at_month_end, _pay, needs_all=True),
    Step("instructions", "Pay loans as their borrowers instructed", _instructed, _pay_instructed),
    Step("collect", "Collect what is due of loans", _due_loans, _collect),
    Step("count_days", "Count the days past due", _judged, _count_days),
    Step("classify", "Put loans into their classes", _borrowers, _classify, needs_all=True),
    Step("outcomes", "Note what became of loans", _ripe_loans, _note_outcomes, needs_all=True),
    Step("chase", "Judge promises, and fill the worklist of late loans", _late, _chase),
    Step("earn", "Work out what loans earned", _earning_loans, _earn),
    Step("book_loans", "Book what loans earned", lambda run: ONCE, _book_loans, needs_all=True),
    Step("provide", "Work out what loans may lose", _provided_at_month_end, _provide, True),
    Step("book_provisions", "Book provisions", _once_at_month_end, _book_provisions, True),
    Step("cards", "Measure the cards of the score", _once_at_month_end, _keep_month, True),
    Step("balances", "Write the day’s balances", entries, _write_balances, needs_all=True),
    Step("seal", "Seal the journal", lambda run: ONCE, _seal, needs_all=True),
    Step("prove", "Prove the books", lambda run: ONCE, _prove, True, _check_proven),
]
