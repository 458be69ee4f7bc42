"""The statements by which the night works out what loans earned."""


def _filled(statement: str) -> str:
    """A statement with the parts that several of them have."""
    for name, part in _PARTS.items():
        statement = statement.replace(f"{{{name}}}", part)
    return statement


# The periods of what stands of each schedule, with what of their interest has run by the end of a
# day and by its start.
_DUE = """
    SELECT i.loan_id, sum(i.interest) AS whole,
           sum(i.interest * least(greatest(%(day)s::date + 1 - i.since, 0), i.days) / i.days)
               AS by_now,
           sum(i.interest * least(greatest(%(day)s::date - i.since, 0), i.days) / i.days)
               AS by_yesterday
      FROM (SELECT n.loan_id, n.interest - n.waived AS interest, p.since,
                   greatest(n.contractual - p.since, 1) AS days
              FROM loans l
              JOIN (SELECT *, lag(contractual) OVER (PARTITION BY loan_id ORDER BY number) AS last
                      FROM lending_loaninstalment
                     WHERE ended_in IS NULL AND loan_id BETWEEN %(first)s AND %(last)s) n
                ON n.loan_id = l.id
             CROSS JOIN LATERAL (SELECT coalesce(n.last, l.start_date) AS since) p) i
     GROUP BY i.loan_id"""

# By how much the unpaid interest and penalties of a loan that performs no more may still grow:
# together to what was owed of its principal when it turned (section 44A; kenya.md 4.3).
_ROOM = """
    SELECT s.loan_id, s.npl_principal
           - coalesce((SELECT sum(e.amount) FROM lending_loanearning e
                        WHERE e.loan_id = s.loan_id), 0)
           - coalesce((SELECT sum(p.unearned) FROM lending_repayment p
                        WHERE p.loan_id = s.loan_id), 0)
           + coalesce((SELECT sum(a.amount) FROM lending_allocation a
                         JOIN lending_repayment p ON p.id = a.repayment_id
                        WHERE p.loan_id = s.loan_id AND a.part NOT IN ('PRINCIPAL', 'FEE')), 0)
               AS amount
      FROM lending_loanstanding s
     WHERE s.loan_id BETWEEN %(first)s AND %(last)s AND s.npl_since IS NOT NULL"""

_OVERDUE = """
           sum(i.principal - i.moved - coalesce((SELECT sum(a.amount) FROM lending_allocation a
                                        WHERE a.instalment_id = i.id AND a.part = 'PRINCIPAL'), 0))
"""

_PARTS = {"_DUE": _DUE, "_ROOM": _ROOM, "_OVERDUE": _OVERDUE}

# The scheduled interest of each period counts evenly over its days, so what is earned by a night is
# a sum to the cent, less what was earned before and what was paid ahead: a night that was missed is
# made up by the next one, and rounding never adds up. One that performs no more earns a day's
# interest at most.
INTEREST = _filled("""
WITH loans AS (
    SELECT id, start_date FROM lending_loan
     WHERE id BETWEEN %(first)s AND %(last)s AND state = 'ACTIVE' AND start_date <= %(day)s
), due AS ({_DUE}
), before AS (
    SELECT d.loan_id, round(d.by_now, 2) - round(d.by_yesterday, 2) AS of_day,
           round(d.by_now - d.by_yesterday, 6) AS exact, round(d.by_now, 2)
           - coalesce((SELECT sum(e.amount) FROM lending_loanearning e
                        WHERE e.loan_id = d.loan_id AND e.part = 'INTEREST'), 0)
           - coalesce((SELECT sum(r.unearned) FROM lending_repayment r
                        WHERE r.loan_id = d.loan_id), 0) AS amount
      FROM due d
), room AS ({_ROOM}
)
INSERT INTO lending_loanearning (loan_id, part, business_date, amount, exact, is_suspended,
                                 replay_id)
SELECT loan_id, 'INTEREST', %(day)s, amount, exact, is_suspended, %(replay)s::bigint
  FROM (SELECT b.loan_id, b.exact, r.loan_id IS NOT NULL AS is_suspended,
               CASE WHEN r.loan_id IS NULL THEN b.amount
                    ELSE least(b.amount, b.of_day, r.amount) END AS amount
          FROM before b LEFT JOIN room r ON r.loan_id = b.loan_id) found
 WHERE amount > 0
ON CONFLICT DO NOTHING""")

# What is left of a cent is carried to the next day; what the ceiling cuts off is not.
_PARTS["_WRITE"] = _filled("""
room AS ({_ROOM}
), found AS (
    SELECT late.loan_id, r.loan_id IS NOT NULL AS is_suspended, c.carried,
           CASE WHEN r.loan_id IS NULL THEN late.exact
                ELSE least(late.exact, greatest(r.amount - c.carried, 0)) END AS exact
      FROM late
      LEFT JOIN room r ON r.loan_id = late.loan_id
     CROSS JOIN LATERAL (SELECT coalesce(sum(e.exact) - sum(e.amount), 0) AS carried
                           FROM lending_loanearning e
                          WHERE e.loan_id = late.loan_id AND e.part = %(part)s) c
)
INSERT INTO lending_loanearning (loan_id, part, business_date, amount, exact, is_suspended,
                                 replay_id)
SELECT loan_id, %(part)s, %(day)s, greatest(round(exact + carried, 2), 0), exact, is_suspended,
       %(replay)s::bigint
  FROM found
 WHERE exact > 0
ON CONFLICT DO NOTHING""")

# Interest goes on, on principal that its day did not bring: from that day's night on, at the loan's
# own rate, where interest is on what is still owed.
LATE = _filled("""
WITH late AS (
    SELECT l.id AS loan_id, round({_OVERDUE} * l.percent / 36500, 6) AS exact
      FROM lending_loan l
      JOIN lending_loanterm t ON t.id = l.term_id AND t.method = 'REDUCING'
      JOIN lending_loaninstalment i ON i.loan_id = l.id AND i.ended_in IS NULL
     WHERE l.id BETWEEN %(first)s AND %(last)s AND l.state = 'ACTIVE' AND i.due <= %(day)s
     GROUP BY l.id
), {_WRITE}""")

# On overdue principal only, simple, from the day after the days of grace, for no more days than the
# terms say (kenya.md 4.9).
PENALTY = _filled("""
WITH late AS (
    SELECT l.id AS loan_id, round({_OVERDUE} * t.penalty_percent / 100
                                  / CASE t.penalty_in WHEN 'YEAR' THEN 365 ELSE 1 END, 6) AS exact
      FROM lending_loan l
      JOIN lending_loanterm t ON t.id = l.term_id
      JOIN lending_loaninstalment i ON i.loan_id = l.id AND i.ended_in IS NULL
     WHERE l.id BETWEEN %(first)s AND %(last)s AND l.state = 'ACTIVE'
       AND %(day)s::date - i.due > t.grace_days
       AND (t.penalty_most_days IS NULL
            OR %(day)s::date - i.due <= t.grace_days + t.penalty_most_days)
     GROUP BY l.id, t.id
), {_WRITE}""")

# A fee becomes income as interest is earned: at a month's end, and the rest when the loan is over.
FEES = _filled("""
WITH loans AS (
    SELECT id, start_date, state, fee FROM lending_loan
     WHERE id BETWEEN %(first)s AND %(last)s AND fee > 0 AND start_date <= %(day)s
       AND (paid_date BETWEEN %(day)s::date - 7 AND %(day)s
            OR EXISTS (SELECT FROM lending_writeoff w
                        WHERE w.loan_id = lending_loan.id
                          AND w.business_date BETWEEN %(day)s::date - 7 AND %(day)s)
            OR state = 'ACTIVE' AND date_trunc('month', %(day)s::date + 1) = %(day)s::date + 1)
), due AS ({_DUE}
)
INSERT INTO lending_feerelease (loan_id, business_date, amount)
SELECT id, %(day)s, amount
  FROM (SELECT l.id, CASE WHEN l.state <> 'ACTIVE' OR d.whole = 0 THEN l.fee
                          ELSE round(l.fee * d.by_now / d.whole, 2) END
               - coalesce((SELECT sum(f.amount) FROM lending_feerelease f
                            WHERE f.loan_id = l.id), 0) AS amount
          FROM loans l JOIN due d ON d.loan_id = l.id) found
 WHERE amount > 0
ON CONFLICT (loan_id, business_date) DO NOTHING""")

# What stands of the days from one on, by its mirror: a replay works it out anew.
TAKE_BACK = """
INSERT INTO lending_loanearning (loan_id, part, business_date, amount, exact, is_suspended,
                                 replay_id)
SELECT loan_id, part, business_date, -sum(amount), -sum(exact), is_suspended, %(replay)s::bigint
  FROM lending_loanearning
 WHERE loan_id = %(first)s AND business_date >= %(since)s
 GROUP BY loan_id, part, business_date, is_suspended
HAVING sum(amount) <> 0 OR sum(exact) <> 0"""

LOCK = """
SELECT id FROM lending_loan WHERE id BETWEEN %(first)s AND %(last)s AND state = 'ACTIVE'
 ORDER BY id FOR NO KEY UPDATE"""
