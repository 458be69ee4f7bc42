"""
Closing months and years of the books, each by two persons, decided in the database.

A closed month takes no value date any more. It closes when it is over by the business date, every
month before it is closed, and the proofs hold. December closes with the year end, which brings
income and expense to retained earnings (docs/decisions/0020-periods.md).
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction

from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.approvals.operations import Change
from ledger.calendar.models import BusinessDay
from ledger.controls import audit
from ledger.periods import queries
from ledger.periods.models import FinancialYear, Period
from ledger.proofs import monitor
from ledger.refusals import (
    EarlierPeriodOpen,
    ForeignResult,
    LaterPeriodClosed,
    PeriodClosed,
    PeriodNotClosed,
    PeriodNotOver,
    ResultChanged,
    YearClosed,
    YearEndMissing,
    translated,
)
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction
from wekeza.kit.errors import Refusal

__all__ = [
    "EarlierPeriodOpen",
    "ForeignResult",
    "LaterPeriodClosed",
    "PeriodClosed",
    "PeriodNotClosed",
    "PeriodNotOver",
    "ProofsBroken",
    "ResultChanged",
    "YearClosed",
    "YearEndMissing",
    "ask_close",
    "ask_reopen",
    "ask_year_end",
    "close",
    "close_year",
    "reopen",
]


class ProofsBroken(Refusal):
    code = "proofs_broken"
    status = 409
    text = "The books do not prove: {proofs}. Nothing is closed until they do."


@transaction.atomic
def ask_close(*, first_date: date, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person to close the month that begins on a date.

    :raises PeriodNotOver: if the business date is still in it.
    :raises EarlierPeriodOpen: if a month before it is open; PeriodClosed, if it is closed.
    :raises YearEndMissing: for a December, which closes with its year.
    :raises ProofsBroken: if a proof of the books does not hold.
    :raises MayNotAsk: and the other refusals of approvals.
    """
    last_date = queries.last_day(first_date)
    _check_closable(first_date, last_date)
    if first_date.month == 12:
        raise YearEndMissing(year=first_date.year)
    _check_proofs()
    return approvals.propose(
        deed="periods.close",
        subject=_day(),
        payload={"first_date": first_date.isoformat()},
        changes=[
            Change(f"{first_date:%B %Y}", "Open", "Closed"),
            Change("Value dates are open from", f"{_day().open_from}", f"{_after(last_date)}"),
        ],
        impact="No entry takes a value date of this month any more",
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def close(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> None:
    """
    This will close a month; the approved deed `periods.close`. Postings under way finish first.

    :raises ProofsBroken: if a proof of the books does not hold any more.
    :raises PeriodClosed: if it was closed meanwhile; and as `ask_close`.
    """
    _check_proofs()
    first_date = date.fromisoformat(payload["first_date"])
    open_from = _call("ledger_close_period(%s, %s)", [first_date, approval.pk])
    _note("period.closed", first_date, actor=actor, approval=approval, open_from=open_from)


@transaction.atomic
def ask_reopen(*, first_date: date, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person to open the month again that was closed last.

    :raises YearClosed: if its year is closed.
    :raises PeriodNotClosed: if it is open; LaterPeriodClosed, if a later one is closed.
    :raises MayNotAsk: and the other refusals of approvals.
    """
    day = _day()
    if FinancialYear.objects.filter(year=first_date.year).exists():
        raise YearClosed(year=first_date.year)
    if not Period.objects.filter(first_date=first_date, is_closed=True).exists():
        raise PeriodNotClosed(open_from=day.open_from)
    if day.open_from != _after(queries.last_day(first_date)):
        raise LaterPeriodClosed(open_from=day.open_from)
    return approvals.propose(
        deed="periods.reopen",
        subject=day,
        payload={"first_date": first_date.isoformat()},
        changes=[
            Change(f"{first_date:%B %Y}", "Closed", "Open"),
            Change("Value dates are open from", f"{day.open_from}", f"{first_date}"),
        ],
        impact="Entries may take a value date of this month again",
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def reopen(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> None:
    """
    This will open a closed month again; the approved deed `periods.reopen`.

    :raises YearClosed: and as `ask_reopen`, by what holds now.
    """
    first_date = date.fromisoformat(payload["first_date"])
    open_from = _call("ledger_reopen_period(%s, %s)", [first_date, approval.pk])
    _note("period.reopened", first_date, actor=actor, approval=approval, open_from=open_from)


@transaction.atomic
def ask_year_end(*, year: int, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person for the year end: income and expense go through current-year
    result (3030) to retained earnings (3020), and December and the year close.

    :raises YearClosed: if it is closed.
    :raises PeriodNotOver: before the first business date of the next year.
    :raises EarlierPeriodOpen: if a month before December is open.
    :raises ForeignResult: if a line of another currency is not zero.
    :raises ProofsBroken: if a proof of the books does not hold.
    :raises MayNotAsk: and the other refusals of approvals.
    """
    if FinancialYear.objects.filter(year=year).exists():
        raise YearClosed(year=year)
    _check_closable(date(year, 12, 1), date(year, 12, 31))
    found = queries.result_of(year)
    for line in found.lines:
        if line.amount.currency != "KES":
            raise ForeignResult(code=line.code, amount=line.amount)
    _check_proofs()
    lines = [
        Change(f"{line.code} {line.name}", str(line.amount), "KES 0.00") for line in found.lines
    ]
    return approvals.propose(
        deed="periods.close_year",
        subject=_day(),
        payload={"year": year, "result": str(found.result.amount)},
        changes=[
            *lines,
            Change("Result, to 3020 Retained earnings", "", str(found.result)),
            Change(f"December and the year {year}", "Open", "Closed for ever"),
        ],
        impact=f"Income {found.income}, expense {found.expense}",
        amount=abs(found.result.amount),
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def close_year(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> None:
    """
    This will book the year end and close the year, once; the approved deed `periods.close_year`.
    Of a year that is closed it books nothing and says so.

    :raises YearClosed: if it was closed meanwhile.
    :raises ResultChanged: if the result is not the one that both persons saw.
    :raises ProofsBroken: if a proof of the books does not hold any more.
    """
    year, result = payload["year"], Decimal(payload["result"])
    if FinancialYear.objects.filter(year=year).exists():
        raise YearClosed(year=year)
    _check_proofs()
    moved = _call(
        "ledger_close_year(%s, %s, %s, %s, %s)", [year, approval.pk, result, at, str(actor)]
    )
    row = FinancialYear.objects.get(year=year)
    if row.approval_id != approval.pk:
        raise YearClosed(year=year)
    audit.record(actor=actor, deed="year.closed", subject=row, result=moved, approval=approval.pk)


def _check_closable(first_date: date, last_date: date) -> None:
    day = _day()
    facts = {"last_date": last_date, "business_date": day.business_date, "open_from": day.open_from}
    if last_date < day.open_from:
        raise PeriodClosed(**facts)
    if last_date >= day.business_date:
        raise PeriodNotOver(**facts)
    if first_date > day.open_from:
        raise EarlierPeriodOpen(**facts)


def _check_proofs() -> None:
    # Not the whole books anew in a page's request: the night has asked of them.
    if broken := monitor.broken():
        raise ProofsBroken(proofs=", ".join(broken))


def _day() -> BusinessDay:
    return BusinessDay.objects.get()


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _note(deed_name: str, first_date: date, *, actor: Actor, approval: Approval, open_from) -> None:
    row = Period.objects.get(first_date=first_date)
    audit.record(
        actor=actor, deed=deed_name, subject=row, open_from=open_from, approval=approval.pk
    )


def _call(function: str, arguments: list):
    with translated(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}", arguments)  # noqa: S608 - the callers above write it.
        return cursor.fetchone()[0]
