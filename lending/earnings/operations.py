"""Working out what loans earned on a business date, and booking the sum of it."""

from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q, Sum

from ledger.chart import queries as chart
from ledger.journal import operations as journal
from ledger.journal.lines import credit, debit
from ledger.money import Money
from lending.earnings.models import Earned, EarningJournal, LoanEarning
from lending.loans.models import Loan
from lending.loans.states import LoanState
from wekeza.kit.actor import Actor
from wekeza.kit.failpoints import failpoint

RECEIVABLE, INCOME = "1330", "4010"  # kenya.md 11.2, LOAN_ACCRUAL performing.
SUSPENSE = "2360"  # and NPL.
PENALTIES_OWED, PENALTIES = "1335", "4020"  # and PENALTY accrue.
KIND = "LOAN_ACCRUAL"

# The scheduled interest of each period counts evenly over its days, so what is earned by a night is
# a sum to the cent, less what was earned before and what was paid ahead: a night that was missed is
# made up by the next one, and rounding never adds up.
#
# A loan that performs no more earns a day's interest at most, and together with penalties never
# more, unpaid, than was owed of its principal when it turned (section 44A; kenya.md 4.3).
_INTEREST = """
WITH periods AS (
    SELECT i.loan_id, i.interest, i.contractual,
           lag(i.contractual, 1, l.start_date) OVER (PARTITION BY i.loan_id ORDER BY i.number)
               AS since
      FROM lending_loaninstalment i JOIN lending_loan l ON l.id = i.loan_id
     WHERE l.id BETWEEN %(first)s AND %(last)s AND l.state = 'ACTIVE'
       AND l.start_date <= %(day)s AND i.version = 1
), due AS (
    SELECT loan_id, round(sum(interest * least(greatest(%(day)s::date + 1 - since, 0),
                                               contractual - since)
                              / (contractual - since)), 2) AS by_now,
           round(sum(interest * least(greatest(%(day)s::date - since, 0), contractual - since)
                              / (contractual - since)), 2) AS by_yesterday
      FROM periods GROUP BY loan_id
), before AS (
    SELECT d.loan_id, d.by_now - d.by_yesterday AS of_day, d.by_now
           - coalesce((SELECT sum(e.amount) FROM lending_loanearning e
                        WHERE e.loan_id = d.loan_id AND e.part = 'INTEREST'), 0)
           - coalesce((SELECT sum(r.unearned) FROM lending_repayment r
                        WHERE r.loan_id = d.loan_id), 0) AS amount
      FROM due d
), room AS (
    SELECT s.loan_id, s.npl_principal
           - coalesce((SELECT sum(e.amount) FROM lending_loanearning e
                        WHERE e.loan_id = s.loan_id), 0)
           - coalesce((SELECT sum(p.unearned) FROM lending_repayment p
                        WHERE p.loan_id = s.loan_id), 0)
           + coalesce((SELECT sum(a.amount) FROM lending_allocation a
                         JOIN lending_repayment p ON p.id = a.repayment_id
                        WHERE p.loan_id = s.loan_id AND a.part <> 'PRINCIPAL'), 0) AS amount
      FROM lending_loanstanding s
     WHERE s.loan_id BETWEEN %(first)s AND %(last)s AND s.npl_since IS NOT NULL
)
INSERT INTO lending_loanearning (loan_id, part, business_date, amount, is_suspended)
SELECT loan_id, 'INTEREST', %(day)s, amount, is_suspended
  FROM (SELECT b.loan_id, r.loan_id IS NOT NULL AS is_suspended,
               CASE WHEN r.loan_id IS NULL THEN b.amount
                    ELSE least(b.amount, b.of_day, r.amount) END AS amount
          FROM before b LEFT JOIN room r ON r.loan_id = b.loan_id) found
 WHERE amount > 0
ON CONFLICT (loan_id, part, business_date) DO NOTHING"""

# On overdue principal only, simple, from the day after the days of grace, for no more days than the
# terms say (kenya.md 4.9).
_PENALTY = """
WITH late AS (
    SELECT l.id AS loan_id, t.penalty_percent, t.penalty_in,
           sum(i.principal - coalesce((SELECT sum(a.amount) FROM lending_allocation a
                                        WHERE a.instalment_id = i.id AND a.part = 'PRINCIPAL'), 0))
               AS principal
      FROM lending_loan l
      JOIN lending_loanterm t ON t.id = l.term_id
      JOIN lending_loaninstalment i ON i.loan_id = l.id AND i.version = 1
     WHERE l.id BETWEEN %(first)s AND %(last)s AND l.state = 'ACTIVE'
       AND %(day)s::date - i.due > t.grace_days
       AND (t.penalty_most_days IS NULL
            OR %(day)s::date - i.due <= t.grace_days + t.penalty_most_days)
     GROUP BY l.id, t.penalty_percent, t.penalty_in
), room AS (
    SELECT s.loan_id, s.npl_principal
           - coalesce((SELECT sum(e.amount) FROM lending_loanearning e
                        WHERE e.loan_id = s.loan_id), 0)
           - coalesce((SELECT sum(p.unearned) FROM lending_repayment p
                        WHERE p.loan_id = s.loan_id), 0)
           + coalesce((SELECT sum(a.amount) FROM lending_allocation a
                         JOIN lending_repayment p ON p.id = a.repayment_id
                        WHERE p.loan_id = s.loan_id AND a.part <> 'PRINCIPAL'), 0) AS amount
      FROM lending_loanstanding s
     WHERE s.loan_id BETWEEN %(first)s AND %(last)s AND s.npl_since IS NOT NULL
)
INSERT INTO lending_loanearning (loan_id, part, business_date, amount, is_suspended)
SELECT loan_id, 'PENALTY', %(day)s, amount, is_suspended
  FROM (SELECT late.loan_id, r.loan_id IS NOT NULL AS is_suspended,
               least(r.amount, round(principal * penalty_percent / 100
                              / CASE penalty_in WHEN 'YEAR' THEN 365 ELSE 1 END, 2)) AS amount
          FROM late LEFT JOIN room r ON r.loan_id = late.loan_id) found
 WHERE amount > 0
ON CONFLICT (loan_id, part, business_date) DO NOTHING"""

_LOCK = """
SELECT id FROM lending_loan WHERE id BETWEEN %(first)s AND %(last)s AND state = 'ACTIVE'
 ORDER BY id FOR NO KEY UPDATE"""


def earning(*, day: date):
    """This will give the loans that may earn something on a business date."""
    return Loan.objects.filter(state=LoanState.ACTIVE, start_date__lte=day)


@transaction.atomic
def earn(*, day: date, first: int, last: int) -> int:
    """
    This will write what each active loan with an id from `first` to `last` earned on the business
    date `day`, interest and penalty, in cents, and give the number of rows. A second run writes
    nothing. The loans are locked meanwhile, so that no payment counts twice.
    """
    facts = {"day": day, "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, facts)
        written = 0
        for statement in (_INTEREST, _PENALTY):
            cursor.execute(statement, facts)
            written += cursor.rowcount
    failpoint("loans.earned")
    return written


@transaction.atomic
def book(*, day: date, actor: Actor, at: datetime) -> EarningJournal:
    """
    This will book what all loans earned on a business date, in KES: interest owed against interest
    income, penalties owed against penalty income, or, of loans that perform no more, against what
    is kept in suspense. Once a date: a second run gives the first result.
    """
    failpoint("loans.before_booking")
    known = EarningJournal.objects.filter(pk=day).first()
    if known is not None:
        return known
    interest, penalty, kept = Q(part=Earned.INTEREST), Q(part=Earned.PENALTY), Q(is_suspended=True)
    sums = LoanEarning.objects.filter(business_date=day).aggregate(
        interest=Sum("amount", filter=interest, default=Decimal(0)),
        penalty=Sum("amount", filter=penalty, default=Decimal(0)),
        suspended_interest=Sum("amount", filter=interest & kept, default=Decimal(0)),
        suspended_penalty=Sum("amount", filter=penalty & kept, default=Decimal(0)),
    )
    facts = sums | {"entry_id": _post(sums, day=day, actor=actor, at=at)}
    # Of two at once the books give both the same entry, and the first one's row stands.
    return EarningJournal.objects.get_or_create(business_date=day, defaults=facts)[0]


def _post(sums: dict[str, Decimal], *, day: date, actor: Actor, at: datetime) -> int | None:
    booked = []
    for owed, income, part in (
        (RECEIVABLE, INCOME, "interest"),
        (PENALTIES_OWED, PENALTIES, "penalty"),
    ):
        suspended = sums[f"suspended_{part}"]
        booked += [(owed, income, sums[part] - suspended), (owed, SUSPENSE, suspended)]
    lines = [
        line
        for owed, earned, amount in booked
        if amount
        for money in [Money.rounded(amount, "KES")]
        for line in (debit(chart.line(owed), money), credit(chart.line(earned), money))
    ]
    if not lines:
        return None
    posted = journal.post(
        owner="bank",
        reference=f"loan-accrual:{day}",
        kind=KIND,
        lines=lines,
        actor=actor,
        at=at,
        memo=f"Earned on loans, {day}",
    )
    return posted.entry_id
