"""Writing down what became of loans, once for each, when it is known; and how each card did."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from lending.arrears.models import ArrearsTerm, LoanClass
from lending.loans.models import Loan
from lending.loans.states import LoanState
from lending.monitoring import months, queries
from lending.monitoring.models import CardMonth, MonitorTerm, OutcomeTerm
from wekeza.kit.failpoints import failpoint

# The decision that a loan was taken on is the last approval of its application.
_TAKEN_ON = """
 CROSS JOIN LATERAL (SELECT d.id FROM lending_creditdecision d
                      WHERE d.application_id = l.application_id AND d.result = 'APPROVED'
                      ORDER BY d.number DESC LIMIT 1) d"""

_SEEN = f"""
INSERT INTO lending_loanoutcome (decision_id, loan_id, seen_on, after_days, is_paid, days_late,
                                 loan_class, principal, created_at)
SELECT d.id, l.id, %(day)s, %(day)s::date - l.start_date, l.state = 'PAID',
       CASE WHEN l.state = 'PAID' THEN 0 ELSE coalesce(s.days_late, 0) END,
       coalesce(s.loan_class, %(best)s), b.balance, %(at)s
  FROM lending_loan l
  JOIN ledger_balance b ON b.account_id = l.ledger_account_id AND b.shard = 0
  LEFT JOIN lending_loanstanding s ON s.loan_id = l.id{_TAKEN_ON}
 WHERE l.id BETWEEN %(first)s AND %(last)s AND l.start_date + %(seen)s <= %(day)s
   AND NOT EXISTS (SELECT FROM lending_loanoutcome o WHERE o.loan_id = l.id)
ON CONFLICT DO NOTHING"""  # noqa: S608 - words of ours only.

# Whether a loan was ever so late is asked of its dates and payments, not of what nights kept: the
# answer is the same whichever nights were missed. It can have become so late only so many days
# after a due date, or the day after a further one, when what is overdue reached what counts.
_JUDGED = f"""
WITH open AS (
    SELECT l.id AS loan_id, d.id AS decision_id, t.late_days, t.within_days,
           l.start_date + t.within_days AS ends, l.state = 'PAID' AS is_paid,
           least(l.start_date + t.within_days, %(day)s) AS until
      FROM lending_loan l
     CROSS JOIN LATERAL (SELECT t.late_days, t.within_days FROM lending_outcometerm t
                          WHERE t.product_id = l.product_id AND t.effective_from <= l.start_date
                            AND (t.effective_to IS NULL OR t.effective_to >= l.start_date)
                          ORDER BY t.effective_from DESC LIMIT 1) t
      LEFT JOIN lending_loanstanding s ON s.loan_id = l.id{_TAKEN_ON}
     WHERE l.id BETWEEN %(first)s AND %(last)s AND l.start_date <= %(day)s
       AND (l.state = 'PAID' OR l.start_date + t.within_days <= %(day)s
            OR s.days_late >= t.late_days)
       AND NOT EXISTS (SELECT FROM lending_loanverdict v WHERE v.loan_id = l.id)
), days AS (
    SELECT o.loan_id, o.late_days, x.day
      FROM open o
      JOIN lending_loaninstalment i ON i.loan_id = o.loan_id AND i.ended_in IS NULL
     CROSS JOIN LATERAL (VALUES (i.contractual + o.late_days), (i.contractual + 1)) x (day)
     WHERE x.day <= o.until
), bad AS (
    SELECT x.loan_id, min(x.day) AS since
      FROM days x
     CROSS JOIN LATERAL (
           SELECT min(i.contractual) AS oldest,
                  sum(i.principal - m.moved + i.interest - i.waived - p.paid) AS overdue
             FROM lending_loaninstalment i
            CROSS JOIN LATERAL (SELECT CASE WHEN min(v.business_date) < x.day THEN i.moved
                                       ELSE 0 END AS moved
                                  FROM lending_scheduleversion v
                                 WHERE v.loan_id = i.loan_id AND v.version > i.version
                                   AND v.why = 'RESTRUCTURED') m
            CROSS JOIN LATERAL (SELECT coalesce(sum(a.amount), 0) AS paid
                                  FROM lending_allocation a
                                  JOIN lending_repayment r ON r.id = a.repayment_id
                                 WHERE a.instalment_id = i.id AND r.value_date <= x.day) p
            WHERE i.loan_id = x.loan_id AND i.ended_in IS NULL AND i.contractual < x.day
              AND i.principal - m.moved + i.interest - i.waived > p.paid) o
     WHERE o.overdue >= %(least)s AND x.day - o.oldest >= x.late_days
     GROUP BY x.loan_id
)
INSERT INTO lending_loanverdict (decision_id, loan_id, bad_on, known_on, window_ends, late_days,
                                 within_days, created_at)
SELECT o.decision_id, o.loan_id, b.since, %(day)s, o.ends, o.late_days, o.within_days, %(at)s
  FROM open o LEFT JOIN bad b ON b.loan_id = o.loan_id
 WHERE b.since IS NOT NULL OR o.is_paid OR o.ends <= %(day)s
ON CONFLICT DO NOTHING"""  # noqa: S608 - words of ours only.


def to_note(*, day: date) -> QuerySet[Loan]:
    """
    This will give the loans of which something may be known by the close of a business date that
    is not kept yet.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    ripe = Q(outcome=None, start_date__lte=day - _seen_after(day))
    for term in OutcomeTerm.objects.filter(effective_from__lte=day):
        known = (
            Q(state=LoanState.PAID)
            | Q(start_date__lte=day - timedelta(days=term.within_days))
            | Q(standing__days_late__gte=term.late_days)
        )
        ripe |= known & Q(verdict=None, product=term.product_id)
    return Loan.objects.filter(ripe, start_date__lte=day)


@transaction.atomic
def note(*, day: date, first: int, last: int, at: datetime) -> int:
    """
    This will write what is known at the close of `day` of each loan with an id from `first` to
    `last`: how it stands, once it is old enough, and whether it was good or bad. It gives how many
    rows it wrote; a second run writes none. Before it the days past due of all loans are counted.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    facts = {
        "day": day, "first": first, "last": last, "at": at, "best": LoanClass.NORMAL.value,
        "seen": _seen_after(day).days,
        "least": ArrearsTerm.numbers_on(day)[ArrearsTerm.Kind.LEAST_OVERDUE],
    }  # fmt: skip
    written = 0
    with connection.cursor() as cursor:
        for statement in (_SEEN, _JUDGED):
            cursor.execute(statement, facts)
            written += cursor.rowcount
    failpoint("loans.noted")
    return written


@transaction.atomic
def keep_month(*, day: date, at: datetime) -> int:
    """
    This will keep the figures of each card by which decisions were made, of the month that ends on
    `day`, and give how many it kept; a second run keeps none. Before it the night has noted what
    became of loans.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    terms, kept = queries.terms_on(day), 0
    words = {kind: str(value) for kind, value in terms.items()}
    for card in queries.cards_begun(on=day):
        if CardMonth.objects.filter(scorecard=card, business_date=day).exists():
            continue
        figures = months.month_of(card, on=day, terms=terms)
        if figures is not None:
            facts = {"figures": figures, "terms": words, "created_at": at}
            row = CardMonth.objects.get_or_create(
                scorecard=card, business_date=day, defaults=facts
            )  # fmt: skip
            kept += row[1]
    failpoint("cards.kept")
    return kept


def _seen_after(day: date) -> timedelta:
    return timedelta(days=int(queries.terms_on(day)[MonitorTerm.Kind.SEEN_DAYS]))
