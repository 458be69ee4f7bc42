"""The statements by which the night works out what loans earned."""

# A chunk is a small part of the bank, whatever the server thinks: it would read all balances for
# each chunk, and on the first night, when it knows the table of earnings as empty, the whole of
# that for each loan, with all that was just written.
BY_INDEX = "SET LOCAL enable_seqscan = off"

# What stands of the schedules of `loans`, with the day from which each period runs, `since`.
_PERIODS = """
    SELECT l.*, i.principal - i.moved AS asked, i.interest - i.waived AS interest, i.due,
           i.contractual, coalesce(lag(i.contractual) OVER (
               PARTITION BY i.loan_id ORDER BY i.number), l.start_date) AS since
      FROM loans l
      JOIN lending_loaninstalment i ON i.loan_id = l.loan_id AND i.ended_in IS NULL"""

# Of each loan, once a period and after something that it is made from was changed.
RENEW = f"""
WITH loans AS (
    SELECT l.id AS loan_id, l.start_date
      FROM lending_loanperiod p
      JOIN lending_loan l ON l.id = p.loan_id AND l.id BETWEEN %(first)s AND %(last)s
     WHERE p.loan_id BETWEEN %(first)s AND %(last)s
       AND %(day)s NOT BETWEEN p.valid_from AND p.valid_to AND l.start_date <= %(day)s
)
UPDATE lending_loanperiod p
   SET valid_from = n.valid_from, valid_to = n.valid_to, since = n.since, days = n.days,
       interest = n.interest, past = n.past, not_due = n.not_due,
       ahead = coalesce((SELECT sum(r.unearned) FROM lending_repayment r
                          WHERE r.loan_id = p.loan_id), 0)
  FROM (
    SELECT loan_id,
           greatest(max(contractual) FILTER (WHERE contractual <= %(day)s),
                    max(due) FILTER (WHERE due <= %(day)s), start_date) AS valid_from,
           least(min(contractual) FILTER (WHERE contractual > %(day)s),
                 min(due) FILTER (WHERE due > %(day)s), '9999-12-31') - 1 AS valid_to,
           coalesce(max(since) FILTER (WHERE runs), max(contractual)) AS since,
           coalesce(max(contractual - since) FILTER (WHERE runs), 1) AS days,
           coalesce(max(interest) FILTER (WHERE runs), 0) AS interest,
           coalesce(sum(interest) FILTER (WHERE contractual <= %(day)s), 0) AS past,
           coalesce(sum(asked) FILTER (WHERE due > %(day)s), 0) AS not_due
      FROM (SELECT *, since <= %(day)s AND contractual > %(day)s AS runs
              FROM ({_PERIODS}) n) n
     GROUP BY loan_id, start_date) n
 WHERE p.loan_id = n.loan_id AND p.loan_id BETWEEN %(first)s AND %(last)s"""  # noqa: S608 - parts of ours only.

# By how much the unpaid interest and penalties of a loan that performs no more may still grow:
# together to what was owed of its principal when it turned (section 44A; kenya.md 4.3).
_ROOM = """
           CASE WHEN s.loan_id IS NOT NULL THEN s.npl_principal
                - (SELECT coalesce(sum(e.amount), 0) FROM lending_loanearning e
                    WHERE e.loan_id = p.loan_id)
                - (SELECT coalesce(sum(r.unearned), 0) FROM lending_repayment r
                    WHERE r.loan_id = p.loan_id)
                + (SELECT coalesce(sum(a.amount), 0) FROM lending_allocation a
                     JOIN lending_repayment r ON r.id = a.repayment_id
                    WHERE r.loan_id = p.loan_id AND a.part NOT IN ('PRINCIPAL', 'FEE'))
           END AS room"""
_BAD = """
      LEFT JOIN lending_loanstanding s ON s.loan_id = p.loan_id AND s.npl_since IS NOT NULL
                                      AND s.loan_id BETWEEN %(first)s AND %(last)s"""
# The server is not to guess how many these are: where many were made anew just now it knows none.
_NIGHT = """p.loan_id BETWEEN %(first)s AND %(last)s
       AND coalesce(%(day)s BETWEEN p.valid_from AND p.valid_to, false)"""
# A replay works each day out once; the range is said twice so that the server finds by it, too.
_NOT_YET = """NOT EXISTS (SELECT FROM lending_loanearning e
                        WHERE e.business_date = %(day)s AND e.loan_id = p.loan_id
                          AND e.loan_id BETWEEN %(first)s AND %(last)s AND e.replay_id IS NULL
                          AND %(replay)s::bigint IS NULL AND e.part"""
_WRITE = """
INSERT INTO lending_loanearning (loan_id, part, business_date, amount, exact, so_far, is_suspended,
                                 replay_id)"""

# The scheduled interest of each period counts evenly over its days, so what is earned by a night is
# a sum to the cent, less what was earned before and what was paid ahead: a night that was missed is
# made up by the next one, and rounding never adds up. One that performs no more earns a day's
# interest at most.
INTEREST = f"""
WITH facts AS (
    SELECT p.loan_id, p.interest / p.days AS of_day, p.ahead,
           p.past + p.interest * (%(day)s::date + 1 - p.since) / p.days AS by_now,
           coalesce((SELECT e.so_far FROM lending_loanearning e
                      WHERE e.loan_id = p.loan_id AND e.part = 'INTEREST'
                      ORDER BY e.id DESC LIMIT 1), 0) AS so_far, {_ROOM}
      FROM lending_loanperiod p{_BAD}
     WHERE {_NIGHT} AND {_NOT_YET} = 'INTEREST')
    OFFSET 0
), found AS (
    SELECT loan_id, of_day, so_far, room, CASE
           WHEN room IS NULL THEN round(by_now, 2) - so_far - ahead
           ELSE least(round(by_now, 2) - so_far - ahead,
                      round(by_now, 2) - round(by_now - of_day, 2), room) END AS amount
      FROM facts
    OFFSET 0
){_WRITE}
SELECT loan_id, 'INTEREST', %(day)s, amount, round(of_day, 6), so_far + amount, room IS NOT NULL,
       %(replay)s::bigint
  FROM found
 WHERE amount > 0"""  # noqa: S608 - parts of ours only.

# On overdue principal only, simple, from the day after the days of grace, for no more days than the
# terms say (kenya.md 4.9).
_PENALTY = """
           CASE WHEN t.penalty_percent = 0 THEN 0 ELSE (
           SELECT round(t.penalty_percent / CASE t.penalty_in WHEN 'YEAR' THEN 36500 ELSE 100 END
                  * least(coalesce(sum(i.principal - i.moved) FILTER (
                              WHERE d.late > t.grace_days AND (t.penalty_most_days IS NULL
                              OR d.late <= t.grace_days + t.penalty_most_days)), 0),
                          greatest(b.balance - p.not_due - coalesce(sum(i.principal - i.moved)
                              FILTER (WHERE d.late <= t.grace_days), 0), 0)), 6)
             FROM lending_loaninstalment i
            CROSS JOIN LATERAL (SELECT %(day)s::date - i.due AS late) d
            WHERE i.loan_id = l.id AND i.ended_in IS NULL AND d.late >= 0) END AS penalty"""


def _before(part: str, exact: str, room: str) -> str:
    """
    What of a part is earned in a day, `exact` and in cents, no more than there is room; with what
    was earned of it before, of which something may be left of a cent.
    """
    return f"""
     CROSS JOIN LATERAL (SELECT coalesce(sum(e.exact) - sum(e.amount), 0) AS carried,
                                coalesce(sum(e.amount), 0) AS so_far
                           FROM lending_loanearning e
                          WHERE e.loan_id = late.loan_id AND e.part = '{part}' AND {exact} > 0) c
     CROSS JOIN LATERAL (SELECT CASE WHEN room IS NULL THEN {exact}
                                ELSE least({exact}, greatest({room} - c.carried, 0)) END AS exact) d
     CROSS JOIN LATERAL (SELECT greatest(round(d.exact + c.carried, 2), 0) AS amount) a"""  # noqa: S608 - parts of ours only.


# Interest goes on, on principal that its day did not bring: from that day's night on, at the loan's
# own rate, where interest is on what is still owed; and a penalty. Principal is paid the oldest
# first, so what is owed of it is that of the last due dates. What is left of a cent is carried to
# the next day; what the ceiling cuts off is not. Interest goes first into the room that it leaves.
LATE = f"""
WITH late AS (
    SELECT p.loan_id,
           CASE t.method WHEN 'REDUCING'
                THEN round((b.balance - p.not_due) * l.percent / 36500, 6) ELSE 0 END AS interest,
           {_PENALTY}, {_ROOM}
      FROM lending_loanperiod p
      JOIN ledger_balance b ON b.account_id = p.account_id AND b.shard = 0
       AND b.balance > p.not_due
      JOIN lending_loan l ON l.id = p.loan_id
      JOIN lending_loanterm t ON t.id = l.term_id{_BAD}
     WHERE {_NIGHT} AND {_NOT_YET} IN ('LATE', 'PENALTY'))
    OFFSET 0
), of_interest AS (
    SELECT late.loan_id, room, penalty, d.exact, a.amount, c.so_far
      FROM late{_before("LATE", "interest", "room")}
     WHERE interest > 0 OR penalty > 0
    OFFSET 0
), of_penalty AS (
    SELECT late.loan_id, room, d.exact, a.amount, c.so_far
      FROM of_interest late{_before("PENALTY", "penalty", "(room - late.amount)")}
     WHERE penalty > 0
){_WRITE}
SELECT loan_id, part, %(day)s, amount, exact, so_far + amount, room IS NOT NULL, %(replay)s::bigint
  FROM (SELECT loan_id, 'LATE' AS part, amount, exact, so_far, room FROM of_interest
         UNION ALL
        SELECT loan_id, 'PENALTY', amount, exact, so_far, room FROM of_penalty) found
 WHERE exact > 0"""  # noqa: S608 - parts of ours only.

# What of the interest has run by the end of a day, and all of it.
_BY_NOW = """
           sum(interest) AS whole,
           coalesce(sum(interest) FILTER (WHERE contractual <= %(day)s), 0)
           + coalesce(max(interest * (%(day)s::date + 1 - since) / (contractual - since)) FILTER (
               WHERE since <= %(day)s AND contractual > %(day)s), 0) AS by_now"""

# A fee becomes income as interest is earned: at a month's end, and the rest when the loan is over.
FEES = f"""
WITH loans AS (
    SELECT id AS loan_id, start_date, state, fee FROM lending_loan
     WHERE id BETWEEN %(first)s AND %(last)s AND fee > 0 AND start_date <= %(day)s
       AND (paid_date BETWEEN %(day)s::date - 7 AND %(day)s
            OR EXISTS (SELECT FROM lending_writeoff w
                        WHERE w.loan_id = lending_loan.id
                          AND w.business_date BETWEEN %(day)s::date - 7 AND %(day)s)
            OR state = 'ACTIVE' AND date_trunc('month', %(day)s::date + 1) = %(day)s::date + 1)
), due AS (
    SELECT loan_id, {_BY_NOW}
      FROM ({_PERIODS}) n
     GROUP BY loan_id
)
INSERT INTO lending_feerelease (loan_id, business_date, amount)
SELECT loan_id, %(day)s, amount
  FROM (SELECT l.loan_id, CASE WHEN l.state <> 'ACTIVE' OR d.whole = 0 THEN l.fee
                               ELSE round(l.fee * d.by_now / d.whole, 2) END
               - coalesce((SELECT sum(f.amount) FROM lending_feerelease f
                            WHERE f.loan_id = l.loan_id), 0) AS amount
          FROM loans l JOIN due d ON d.loan_id = l.loan_id) found
 WHERE amount > 0
ON CONFLICT (loan_id, business_date) DO NOTHING"""  # noqa: S608 - parts of ours only.

# What stands of the days from one on, by its mirror: a replay works it out anew.
TAKE_BACK = """
INSERT INTO lending_loanearning (loan_id, part, business_date, amount, exact, so_far, is_suspended,
                                 replay_id)
SELECT m.loan_id, m.part, m.business_date, -m.amount, -m.exact,
       e.so_far - sum(m.amount) OVER (PARTITION BY m.part ORDER BY m.business_date, m.is_suspended),
       m.is_suspended, %(replay)s::bigint
  FROM (SELECT loan_id, part, business_date, is_suspended, sum(amount) AS amount,
               sum(exact) AS exact
          FROM lending_loanearning
         WHERE loan_id = %(first)s AND business_date >= %(since)s
         GROUP BY loan_id, part, business_date, is_suspended
        HAVING sum(amount) <> 0 OR sum(exact) <> 0) m
 CROSS JOIN LATERAL (SELECT so_far FROM lending_loanearning
                      WHERE loan_id = m.loan_id AND part = m.part ORDER BY id DESC LIMIT 1) e
 ORDER BY m.part, m.business_date, m.is_suspended"""
