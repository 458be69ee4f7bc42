-- A loan's ledger account holds what was lent less what was paid of it or written off; the lines of interest and of
-- penalties hold what the nights booked less what was paid of that; a payment is the sum of what it
-- paid, and a loan is paid when, and only when, nothing is owed of it. Nights find each active loan.
WITH touched AS MATERIALIZED (
    SELECT id FROM lending_loan WHERE entry_id > %(since)s
    UNION
    SELECT loan_id FROM lending_repayment WHERE entry_id > %(since)s
    UNION
    SELECT loan_id FROM lending_writeoff WHERE entry_id > %(since)s
), paid AS (
    SELECT r.loan_id, sum(a.amount) FILTER (WHERE a.part = 'PRINCIPAL') AS principal,
           sum(a.amount) FILTER (WHERE a.part IN ('INTEREST', 'LATE')) AS interest,
           sum(a.amount) FILTER (WHERE a.part = 'PENALTY') AS penalty
      FROM lending_repayment r JOIN lending_allocation a ON a.repayment_id = r.id
     WHERE r.loan_id IN (SELECT id FROM touched)
     GROUP BY r.loan_id
), earned AS (
    SELECT loan_id, sum(amount) FILTER (WHERE part <> 'PENALTY') AS interest,
           sum(amount) FILTER (WHERE part = 'LATE') AS late,
           sum(amount) FILTER (WHERE part = 'PENALTY') AS penalty
      FROM lending_loanearning WHERE loan_id IN (SELECT id FROM touched) GROUP BY loan_id
), ahead AS (
    SELECT loan_id, sum(unearned) AS interest FROM lending_repayment
     WHERE loan_id IN (SELECT id FROM touched) GROUP BY loan_id
), asked AS (
    SELECT loan_id, sum(principal - moved) AS principal, sum(interest - waived) AS interest
      FROM lending_loaninstalment
     WHERE ended_in IS NULL AND loan_id IN (SELECT id FROM touched) GROUP BY loan_id
), loans AS (
    SELECT l.id, l.number, l.state, l.principal, l.ledger_account_id, l.product_id,
           coalesce(s.principal, 0) AS scheduled, coalesce(s.interest, 0) + coalesce(e.late, 0) AS interest,
           coalesce(p.principal, 0) + coalesce(w.principal, 0) AS principal_paid,
           coalesce(p.interest, 0) + coalesce(w.interest, 0) AS interest_paid,
           coalesce(p.penalty, 0) + coalesce(w.penalty, 0) AS penalty_paid,
           coalesce(e.interest, 0) AS interest_earned,
           coalesce(e.penalty, 0) AS penalty_earned, coalesce(h.interest, 0) AS ahead
      FROM lending_loan l JOIN touched t ON t.id = l.id
      LEFT JOIN asked s ON s.loan_id = l.id
      LEFT JOIN paid p ON p.loan_id = l.id
      LEFT JOIN earned e ON e.loan_id = l.id
      LEFT JOIN ahead h ON h.loan_id = l.id
      LEFT JOIN lending_writeoff w ON w.loan_id = l.id
)
SELECT 'loan ' || l.number AS subject,
       'owes ' || (l.principal - l.principal_paid) || ', its account ' || a.code || ' under '
       || coalesce(c.code, 'nothing') || ' holds ' || b.balance AS fault
  FROM loans l
  JOIN lending_loanproduct d ON d.code = l.product_id
  JOIN ledger_ledgeraccount a ON a.id = l.ledger_account_id
  JOIN ledger_balance b ON b.account_id = a.id AND b.shard = 0
  LEFT JOIN ledger_ledgeraccount c ON c.id = a.control_id
 WHERE b.balance <> l.principal - l.principal_paid OR c.code IS DISTINCT FROM d.principal_line
    OR l.scheduled <> l.principal
UNION ALL
SELECT 'loan ' || number,
       'is ' || state || ' and owes ' || (scheduled + interest + penalty_earned - principal_paid
                                          - interest_paid - penalty_paid)
  FROM loans
 WHERE state IN ('ACTIVE', 'PAID') AND (state = 'PAID') <> (scheduled + interest + penalty_earned
                            = principal_paid + interest_paid + penalty_paid)
    OR principal_paid > scheduled OR interest_paid > interest OR penalty_paid > penalty_earned
UNION ALL
SELECT 'loan ' || number,
       'earned ' || interest_earned || ' and ' || ahead || ' ahead, its interest is ' || interest
  FROM loans
 WHERE interest_earned + ahead > interest OR interest_paid - ahead > interest_earned
    OR state = 'PAID' AND interest_earned + ahead <> interest
UNION ALL
SELECT 'payment ' || r.receipt_no,
       'of ' || r.amount || ' paid ' || coalesce(sum(a.amount), 0) || ', its entry took '
       || coalesce(max(p.amount), 0)
  FROM lending_repayment r
  JOIN accounts_depositaccount d ON d.id = r.account_id
  LEFT JOIN lending_allocation a ON a.repayment_id = r.id
  LEFT JOIN ledger_posting p ON p.entry_id = r.entry_id AND p.account_id = d.ledger_account_id
                            AND p.side = CASE WHEN r.amount > 0 THEN 'DEBIT' ELSE 'CREDIT' END
 WHERE %(since)s = 0 OR r.entry_id > %(since)s
 GROUP BY r.id
HAVING coalesce(sum(a.amount), 0) <> r.amount OR max(p.amount) IS DISTINCT FROM abs(r.amount)
UNION ALL
SELECT 'payment ' || o.receipt_no,
       'of ' || o.amount || ' was taken back by ' || r.receipt_no || ' with ' || r.amount
  FROM lending_repayment r
  JOIN lending_repayment o ON o.id = r.reverses_id
  JOIN ledger_entry e ON e.id = r.entry_id
 WHERE (%(since)s = 0 OR r.entry_id > %(since)s)
   AND (e.reverses_id IS DISTINCT FROM o.entry_id OR r.loan_id <> o.loan_id
        OR (r.amount, r.unearned, r.suspended, r.value_date)
           IS DISTINCT FROM (-o.amount, -o.unearned, -o.suspended, o.value_date)
        OR EXISTS (SELECT FROM lending_allocation a
                    WHERE a.repayment_id IN (r.id, o.id)
                    GROUP BY a.part, a.instalment_id HAVING sum(a.amount) <> 0))
UNION ALL
SELECT 'replay ' || y.id,
       'changed earnings by ' || coalesce(sum(e.amount), 0) || ', booked ' || (y.interest + y.penalty)
  FROM lending_replay y
  LEFT JOIN lending_loanearning e ON e.replay_id = y.id
 WHERE %(since)s = 0 OR y.entry_id > %(since)s
 GROUP BY y.id
HAVING coalesce(sum(e.amount) FILTER (WHERE e.part <> 'PENALTY'), 0) <> y.interest
    OR coalesce(sum(e.amount) FILTER (WHERE e.part = 'PENALTY'), 0) <> y.penalty
    OR coalesce(sum(e.amount) FILTER (WHERE e.is_suspended), 0)
       <> y.suspended_interest + y.suspended_penalty
UNION ALL
SELECT 'loan ' || l.number, 'is ' || l.state || ', and the nights earn ' ||
       CASE WHEN p.valid_to IS NULL THEN 'nothing' ELSE 'something' END || ' of it'
  FROM lending_loan l
  LEFT JOIN lending_loanperiod p ON p.loan_id = l.id
 WHERE (%(since)s = 0 OR l.entry_id > %(since)s)
   AND ((l.state = 'ACTIVE') <> (p.valid_to IS NOT NULL)
        OR l.state = 'ACTIVE' AND p.account_id <> l.ledger_account_id)
UNION ALL
SELECT 'control line ' || c.code,
       'its children hold ' || coalesce(sum(b.balance), 0) || ', loans '
       || coalesce(sum(b.balance) FILTER (WHERE l.id IS NOT NULL), 0)
  FROM ledger_ledgeraccount c
  JOIN ledger_ledgeraccount a ON a.control_id = c.id
  JOIN ledger_balance b ON b.account_id = a.id
  LEFT JOIN lending_loan l ON l.ledger_account_id = a.id
 WHERE c.code IN (SELECT principal_line FROM lending_loanproduct) AND %(since)s = 0
 GROUP BY c.code
HAVING coalesce(sum(b.balance), 0) <> coalesce(sum(b.balance) FILTER (WHERE l.id IS NOT NULL), 0)
UNION ALL
SELECT 'account ' || a.code, 'stands under ' || c.code || ' and is no loan'
  FROM ledger_posting p
  JOIN ledger_ledgeraccount a ON a.id = p.account_id
  JOIN ledger_ledgeraccount c ON c.id = a.control_id
  LEFT JOIN lending_loan l ON l.ledger_account_id = a.id
 WHERE p.entry_id > %(since)s AND %(since)s > 0 AND l.id IS NULL
   AND c.code IN (SELECT principal_line FROM lending_loanproduct)
UNION ALL
SELECT 'earnings of ' || j.business_date,
       'loans earned ' || coalesce(sum(e.amount), 0) || ', booked ' || (j.interest + j.penalty)
  FROM lending_earningjournal j
  LEFT JOIN lending_loanearning e ON e.business_date = j.business_date AND e.replay_id IS NULL
 WHERE %(since)s = 0 OR j.entry_id > %(since)s
 GROUP BY j.business_date
HAVING coalesce(sum(e.amount) FILTER (WHERE e.part <> 'PENALTY'), 0) <> j.interest
    OR coalesce(sum(e.amount) FILTER (WHERE e.part = 'PENALTY'), 0) <> j.penalty
UNION ALL
SELECT 'line ' || t.line, 'holds ' || coalesce(sum(b.balance), 0) || ', booked less paid is ' || w.owed
  FROM (SELECT 'INTEREST_OWED' AS role,
               coalesce((SELECT sum(interest) FROM lending_earningjournal), 0)
               + coalesce((SELECT sum(interest) FROM lending_replay), 0)
               - coalesce((SELECT sum(interest_paid - ahead) FROM loans), 0) AS owed
        UNION ALL
        SELECT 'PENALTIES_OWED', coalesce((SELECT sum(penalty) FROM lending_earningjournal), 0)
               + coalesce((SELECT sum(penalty) FROM lending_replay), 0)
               - coalesce((SELECT sum(penalty_paid) FROM loans), 0)) w
  LEFT JOIN LATERAL (SELECT line FROM lending_lendingline t WHERE t.role = w.role
                      ORDER BY effective_from DESC LIMIT 1) t ON true
  LEFT JOIN ledger_ledgeraccount a ON a.code = t.line
  LEFT JOIN ledger_balance b ON b.account_id = a.id
 WHERE %(since)s = 0
 GROUP BY t.line, w.owed
HAVING coalesce(sum(b.balance), 0) <> w.owed
