-- The line of suspense holds what loans that perform no more have earned and nobody paid: what they
-- owed when they turned, and what the nights booked there since, less what was paid of it, and less
-- what was written off.
WITH touched AS MATERIALIZED (
    SELECT id FROM lending_loan WHERE entry_id > %(since)s
    UNION
    SELECT loan_id FROM lending_repayment WHERE entry_id > %(since)s
    UNION
    SELECT loan_id FROM lending_suspensemove WHERE entry_id > %(since)s
), earned AS (
    SELECT loan_id, sum(amount) AS amount, sum(amount) FILTER (WHERE is_suspended) AS suspended
      FROM lending_loanearning WHERE loan_id IN (SELECT id FROM touched) GROUP BY loan_id
), paid AS (
    SELECT r.loan_id, sum(r.suspended) AS released,
           sum((SELECT coalesce(sum(a.amount), 0) FROM lending_allocation a
                 WHERE a.repayment_id = r.id AND a.part NOT IN ('PRINCIPAL', 'FEE')) - r.unearned) AS amount
      FROM lending_repayment r
     WHERE r.write_off_id IS NULL AND r.loan_id IN (SELECT id FROM touched) GROUP BY r.loan_id
), moved AS (
    SELECT loan_id, sum(CASE WHEN is_into THEN interest + penalty ELSE -interest - penalty END)
               AS amount
      FROM lending_suspensemove WHERE loan_id IN (SELECT id FROM touched) GROUP BY loan_id
), loans AS (
    SELECT l.number,
           coalesce(e.suspended, 0) + coalesce(m.amount, 0) - coalesce(p.released, 0) AS suspended,
           CASE WHEN s.npl_since IS NULL THEN 0
                ELSE coalesce(e.amount, 0) - coalesce(p.amount, 0) END AS owed
      FROM lending_loan l JOIN touched t ON t.id = l.id
      LEFT JOIN lending_loanstanding s ON s.loan_id = l.id
      LEFT JOIN earned e ON e.loan_id = l.id
      LEFT JOIN paid p ON p.loan_id = l.id
      LEFT JOIN moved m ON m.loan_id = l.id
)
SELECT 'loan ' || number AS subject,
       'has ' || suspended || ' in suspense, and owes ' || owed || ' that is no income' AS fault
  FROM loans WHERE suspended <> owed
UNION ALL
SELECT 'earnings of ' || j.business_date,
       'loans earned ' || coalesce(sum(e.amount), 0) || ' in suspense, booked '
       || (j.suspended_interest + j.suspended_penalty)
  FROM lending_earningjournal j
  LEFT JOIN lending_loanearning e ON e.business_date = j.business_date AND e.is_suspended
                                 AND e.replay_id IS NULL
 WHERE %(since)s = 0 OR j.entry_id > %(since)s
 GROUP BY j.business_date
HAVING coalesce(sum(e.amount) FILTER (WHERE e.part <> 'PENALTY'), 0) <> j.suspended_interest
    OR coalesce(sum(e.amount) FILTER (WHERE e.part = 'PENALTY'), 0) <> j.suspended_penalty
UNION ALL
SELECT 'line ' || t.line, 'holds ' || coalesce(sum(b.balance), 0) || ', booked less paid is ' || w.kept
  FROM (SELECT coalesce((SELECT sum(suspended_interest + suspended_penalty)
                           FROM lending_earningjournal), 0)
               + coalesce((SELECT sum(suspended_interest + suspended_penalty)
                             FROM lending_replay), 0)
               + coalesce((SELECT sum(amount) FROM moved), 0)
               - coalesce((SELECT sum(released) FROM paid), 0)
               - coalesce((SELECT sum(suspended) FROM lending_writeoff), 0) AS kept) w
  LEFT JOIN LATERAL (SELECT line FROM lending_lendingline t WHERE t.role = 'SUSPENSE'
                      ORDER BY effective_from DESC LIMIT 1) t ON true
  LEFT JOIN ledger_ledgeraccount a ON a.code = t.line
  LEFT JOIN ledger_balance b ON b.account_id = a.id
 WHERE %(since)s = 0
 GROUP BY t.line, w.kept
HAVING coalesce(sum(b.balance), 0) <> w.kept
