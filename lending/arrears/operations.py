"""Judging every loan at the close of a day: how late it is, and in which class it stands."""

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from lending.arrears import suspense
from lending.arrears.models import ArrearsTerm, LoanClass
from lending.arrears.queries import CLASSES
from lending.loans.models import Loan
from lending.loans.states import LoanState
from wekeza.kit.actor import Actor
from wekeza.kit.failpoints import failpoint

# By calendar days since the oldest due date that is not paid whole. A class gets worse at once, and
# better only when nothing is overdue and it has been so for the months, or the instalments, of the
# terms; a loan that is paid has nothing left to prove (kenya.md 4.1).
_OWN = """, owed AS (
    SELECT i.loan_id, min(i.due) AS since,
           sum(i.principal - i.moved + i.interest - i.waived - p.paid) AS amount
      FROM lending_loaninstalment i
      JOIN lending_loan l ON l.id = i.loan_id
     CROSS JOIN LATERAL (SELECT coalesce(sum(a.amount), 0) AS paid FROM lending_allocation a
                          WHERE a.instalment_id = i.id) p
     WHERE l.id BETWEEN %(first)s AND %(last)s AND l.state = 'ACTIVE' AND i.ended_in IS NULL
       AND i.due < %(day)s AND i.principal - i.moved + i.interest - i.waived > p.paid
     GROUP BY i.loan_id
), now AS (
    SELECT l.id AS loan_id, l.state, s.own_class AS before, s.clean_since,
           coalesce(o.amount, 0) AS overdue,
           CASE WHEN o.amount >= %(least)s THEN %(day)s::date - o.since ELSE 0 END AS days_late
      FROM lending_loan l
      LEFT JOIN lending_loanstanding s ON s.loan_id = l.id
      LEFT JOIN owed o ON o.loan_id = l.id
     WHERE l.id BETWEEN %(first)s AND %(last)s AND l.start_date <= %(day)s
       AND l.state IN ('ACTIVE', 'PAID')
       AND (l.state = 'ACTIVE' OR s.overdue > 0 OR s.own_class <> %(best)s)
), judged AS (
    SELECT n.*, d.loan_class AS by_days,
           coalesce(d.from_days >= b.from_days, true) OR n.state = 'PAID'
           OR n.days_late = 0 AND (
               %(day)s >= n.clean_since + make_interval(months => %(months)s)
               OR n.clean_since IS NOT NULL AND %(instalments)s <=
                  (SELECT count(DISTINCT i.due) FROM lending_loaninstalment i
                    WHERE i.loan_id = n.loan_id AND i.ended_in IS NULL
                      AND i.due > n.clean_since AND i.due < %(day)s)
           ) AS is_by_days
      FROM now n
      LEFT JOIN term b ON b.loan_class = n.before
     CROSS JOIN LATERAL (SELECT loan_class, from_days FROM term WHERE from_days <= n.days_late
                          ORDER BY from_days DESC LIMIT 1) d
), own AS (
    SELECT loan_id, days_late, overdue, clean_since,
           CASE WHEN is_by_days THEN by_days ELSE before END AS own_class
      FROM judged
)
INSERT INTO lending_loanstanding AS s (loan_id, days_late, overdue, own_class, loan_class, since,
                                       clean_since, as_of, created_at, updated_at)
SELECT loan_id, days_late, overdue, own_class, %(best)s, %(day)s,
       CASE WHEN days_late = 0 AND own_class <> %(best)s THEN coalesce(clean_since, %(day)s) END,
       %(day)s, %(at)s, %(at)s
  FROM own
ON CONFLICT (loan_id) DO UPDATE
   SET days_late = excluded.days_late, overdue = excluded.overdue, own_class = excluded.own_class,
       clean_since = excluded.clean_since, as_of = excluded.as_of, updated_at = excluded.updated_at
 WHERE (s.days_late, s.overdue, s.own_class, s.clean_since) IS DISTINCT FROM
       (excluded.days_late, excluded.overdue, excluded.own_class, excluded.clean_since)"""

# One bad loan of a good part of what a customer owes is the class of all their loans, for as long
# as it is bad; so is one that was written off, until it is paid, which stands as it stood then.
# What a business owes is not the director's who asked.
_SPREAD = """, mine AS (
    SELECT l.id AS loan_id, l.customer_id, l.business_id, l.state, s.days_late, s.own_class,
           s.loan_class, s.npl_since, t.from_days, t.is_performing, b.balance AS principal,
           sum(b.balance) OVER (PARTITION BY l.customer_id, l.business_id) AS exposure
      FROM lending_loan l
      JOIN lending_loanstanding s ON s.loan_id = l.id
      JOIN term t ON t.loan_class = s.own_class
      JOIN ledger_balance b ON b.account_id = l.ledger_account_id AND b.shard = 0
     WHERE l.customer_id BETWEEN %(first)s AND %(last)s
       AND (l.state = 'ACTIVE' OR s.loan_class <> s.own_class OR s.npl_since IS NOT NULL)
), bad AS (
    SELECT customer_id, business_id, max(from_days) AS from_days FROM mine
     WHERE state = 'WRITTEN_OFF'
        OR state = 'ACTIVE' AND NOT is_performing
           AND principal * 100 >= exposure * %(percent)s
     GROUP BY customer_id, business_id
), changed AS (
    SELECT m.*, c.loan_class AS to_class, c.is_performing AS will_perform,
           c.from_days < was.from_days AS is_better
      FROM mine m
      LEFT JOIN bad ON bad.customer_id = m.customer_id AND m.state = 'ACTIVE'
       AND bad.business_id IS NOT DISTINCT FROM m.business_id
      LEFT JOIN term was ON was.loan_class = m.loan_class
     CROSS JOIN LATERAL (SELECT * FROM term t
                          WHERE t.from_days <= greatest(m.from_days, bad.from_days)
                          ORDER BY t.from_days DESC LIMIT 1) c
     WHERE m.state IN ('ACTIVE', 'PAID')
       AND (m.loan_class <> c.loan_class OR (m.npl_since IS NULL) <> c.is_performing)
), written AS (
    UPDATE lending_loanstanding s
       SET loan_class = c.to_class, as_of = %(day)s, updated_at = %(at)s,
           since = CASE WHEN c.loan_class <> c.to_class THEN %(day)s ELSE s.since END,
           npl_since = CASE WHEN NOT c.will_perform THEN coalesce(s.npl_since, %(day)s) END,
           npl_principal = CASE WHEN NOT c.will_perform
                                THEN coalesce(s.npl_principal, c.principal) END
      FROM changed c WHERE s.loan_id = c.loan_id
)
INSERT INTO lending_classchange (loan_id, business_date, from_class, to_class, days_late, why,
                                 created_at)
SELECT loan_id, %(day)s, loan_class, to_class, days_late,
       CASE WHEN state = 'PAID' THEN 'PAID' WHEN is_better THEN 'CURED'
            WHEN to_class <> own_class THEN 'CONTAGION' ELSE 'OWN' END, %(at)s
  FROM changed WHERE loan_class <> to_class"""

_LOCK = """
SELECT id FROM lending_loan WHERE {which} BETWEEN %(first)s AND %(last)s
 ORDER BY id FOR NO KEY UPDATE"""


def to_judge(*, day: date) -> QuerySet[Loan]:
    """This will give the loans whose standing may be another by the close of a business date."""
    open_or_marked = Q(state=LoanState.ACTIVE) | (
        Q(standing__isnull=False) & ~Q(standing__overdue=0, standing__own_class=LoanClass.NORMAL)
    )
    marked = ~Q(standing__loan_class=LoanClass.NORMAL) & Q(standing__isnull=False)
    return Loan.objects.filter(open_or_marked | marked, start_date__lte=day)


@transaction.atomic
def count_days(*, day: date, first: int, last: int, at: datetime) -> int:
    """
    This will judge each loan with an id from `first` to `last` by its own days past due at the
    close of `day`, and give how many stand otherwise than before. A second run writes nothing.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    terms, kinds = ArrearsTerm.numbers_on(day), ArrearsTerm.Kind
    facts = {
        "day": day, "first": first, "last": last, "at": at, "best": LoanClass.NORMAL.value,
        "least": terms[kinds.LEAST_OVERDUE], "months": terms[kinds.CURE_MONTHS],
        "instalments": terms[kinds.CURE_INSTALMENTS],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(which="id"), facts)
        cursor.execute(CLASSES + _OWN, facts)
        written = cursor.rowcount
    failpoint("loans.counted")
    return written


@transaction.atomic
def classify(*, day: date, first: int, last: int, actor: Actor, at: datetime) -> int:
    """
    This will put the loans of each customer with an id from `first` to `last` into the class in
    which they stand at the close of `day`: their own, or that of a bad loan which is a large part
    of what the customer owes, and book what that makes of their interest. It gives how many changed
    their class; a second run changes none. Before it the days of all loans are counted.

    :raises NoSuchTerm: if the terms have a gap on that day.
    """
    facts = {
        "day": day, "first": first, "last": last, "at": at,
        "percent": ArrearsTerm.numbers_on(day)[ArrearsTerm.Kind.CONTAGION_PERCENT],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(which="customer_id"), facts)
        cursor.execute(CLASSES + _SPREAD, facts)
        written = cursor.rowcount
    suspense.move(day=day, first=first, last=last, actor=actor, at=at)
    failpoint("loans.classified")
    return written
