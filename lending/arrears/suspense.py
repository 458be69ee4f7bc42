"""
Interest in suspense: what a loan that performs no more has earned is no income until it is paid
(kenya.md 4.1, 11.2). The line of suspense holds what such loans have earned and nobody paid yet.
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from ledger.journal import operations as journal
from ledger.journal.lines import Line, credit, debit
from ledger.money import Money
from lending.arrears.models import LoanStanding, SuspenseMove
from lending.lines import queries as lending_lines
from lending.lines.models import Role
from lending.loans.models import Loan
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction

KIND = "LOAN_SUSPENSE"

_TURNED = """
SELECT s.loan_id, s.npl_since IS NOT NULL AS is_into,
       coalesce(e.interest, 0) - coalesce(p.interest, 0) + coalesce(r.ahead, 0) AS interest,
       coalesce(e.penalty, 0) - coalesce(p.penalty, 0) AS penalty
  FROM lending_loanstanding s
  JOIN lending_loan l ON l.id = s.loan_id
  LEFT JOIN LATERAL (SELECT m.is_into FROM lending_suspensemove m WHERE m.loan_id = s.loan_id
                      ORDER BY m.business_date DESC, m.id DESC LIMIT 1) last ON true
  LEFT JOIN LATERAL (SELECT sum(amount) FILTER (WHERE part <> 'PENALTY') AS interest,
                            sum(amount) FILTER (WHERE part = 'PENALTY') AS penalty
                       FROM lending_loanearning WHERE loan_id = s.loan_id) e ON true
  LEFT JOIN LATERAL (SELECT sum(a.amount) FILTER (WHERE a.part IN ('INTEREST', 'LATE'))
                               AS interest,
                            sum(a.amount) FILTER (WHERE a.part = 'PENALTY') AS penalty
                       FROM lending_allocation a JOIN lending_repayment t ON t.id = a.repayment_id
                      WHERE t.loan_id = s.loan_id) p ON true
  LEFT JOIN LATERAL (SELECT sum(unearned) AS ahead FROM lending_repayment
                      WHERE loan_id = s.loan_id) r ON true
 WHERE l.customer_id BETWEEN %(first)s AND %(last)s
   AND (s.npl_since IS NOT NULL) <> coalesce(last.is_into, false)
 ORDER BY s.loan_id"""

# What a loan owes that is no income, less what of it is in suspense.
_GAP = """
SELECT CASE WHEN s.npl_since IS NULL THEN 0 ELSE e.interest + r.ahead - p.interest END
       - e.kept_interest - m.interest + r.suspended - p.kept_penalty,
       CASE WHEN s.npl_since IS NULL THEN 0 ELSE e.penalty - p.penalty END
       - e.kept_penalty - m.penalty + p.kept_penalty
  FROM lending_loan l
  LEFT JOIN lending_loanstanding s ON s.loan_id = l.id
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(amount) FILTER (WHERE part <> 'PENALTY'), 0) AS interest,
              coalesce(sum(amount) FILTER (WHERE part = 'PENALTY'), 0) AS penalty,
              coalesce(sum(amount) FILTER (WHERE is_suspended AND part <> 'PENALTY'), 0)
                  AS kept_interest,
              coalesce(sum(amount) FILTER (WHERE is_suspended AND part = 'PENALTY'), 0)
                  AS kept_penalty
         FROM lending_loanearning WHERE loan_id = l.id) e
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(a.amount) FILTER (WHERE a.part IN ('INTEREST', 'LATE')), 0) AS interest,
              coalesce(sum(a.amount) FILTER (WHERE a.part = 'PENALTY'), 0) AS penalty,
              coalesce(sum(a.amount) FILTER (WHERE a.part = 'PENALTY' AND t.suspended <> 0), 0)
                  AS kept_penalty
         FROM lending_allocation a JOIN lending_repayment t ON t.id = a.repayment_id
        WHERE t.loan_id = l.id) p
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(unearned), 0) AS ahead, coalesce(sum(suspended), 0) AS suspended
         FROM lending_repayment WHERE loan_id = l.id) r
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(CASE WHEN is_into THEN interest ELSE -interest END), 0) AS interest,
              coalesce(sum(CASE WHEN is_into THEN penalty ELSE -penalty END), 0) AS penalty
         FROM lending_suspensemove WHERE loan_id = l.id) m
 WHERE l.id = %s"""


@inside_transaction
def step_back(loan: Loan, *, since: date, at: datetime) -> date | None:
    """
    This will let a loan perform as before a day, for a replay of the days from then on, and give
    the business date on which it turned bad since; None if it did not. `turn` puts that back.
    """
    rows = LoanStanding.objects.filter(pk=loan.pk, npl_since__gte=since)
    turned = rows.values_list("npl_since", flat=True).first()
    rows.update(npl_since=None, npl_principal=None, updated_at=at)
    return turned


@inside_transaction
def turn(loan: Loan, *, on: date, principal: Decimal, at: datetime) -> None:
    """This will keep that a loan performs no more since a business date, and what was owed then."""
    LoanStanding.objects.filter(pk=loan.pk).update(
        npl_since=on, npl_principal=principal, updated_at=at
    )


def gap_of(loan: Loan) -> tuple[Decimal, Decimal]:
    """
    This will give what of a loan's interest and penalties belongs into suspense and is not there,
    in KES; less than nothing is to leave it. Only a replay makes it other than nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GAP, [loan.pk])
        return cursor.fetchone()


@inside_transaction
def move(*, day: date, first: int, last: int, at: datetime, actor: Actor) -> int:
    """
    This will book what the loans of customers `first` to `last` that turned bad, or good again,
    have earned and nobody paid: out of income into suspense, or back. One entry for all of them;
    it gives how many turned. The caller holds the loans.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TURNED, {"first": first, "last": last})
        rows = [
            SuspenseMove(
                loan_id=loan, business_date=day, is_into=is_into, interest=interest, penalty=penalty
            )
            for loan, is_into, interest, penalty in cursor
        ]
    if not rows:
        return 0
    lines = _lines(rows)
    if lines:
        posted = journal.post(
            owner="bank",
            reference=f"loan-suspense:{day}:{rows[0].loan_id}",
            kind=KIND,
            lines=lines,
            actor=actor,
            at=at,
            memo=f"Loans that turned bad, or good again, {day}",
        )
        for row in rows:
            row.entry_id = posted.entry_id if row.interest or row.penalty else None
    SuspenseMove.objects.bulk_create(rows)
    return len(rows)


def _lines(rows: list[SuspenseMove]) -> list[Line]:
    lines, places = [], lending_lines.in_force()
    for is_into in (True, False):
        turned = [row for row in rows if row.is_into == is_into]
        parts = (
            (Role.INTEREST_INCOME, _sum(row.interest for row in turned)),
            (Role.PENALTY_INCOME, _sum(row.penalty for row in turned)),
        )
        for income, money in parts:
            sides = (income, Role.SUSPENSE) if is_into else (Role.SUSPENSE, income)
            if money:
                lines += [debit(places[sides[0]], money), credit(places[sides[1]], money)]
    return lines


def _sum(amounts) -> Money:
    return Money.rounded(sum(amounts, Decimal(0)), "KES")
