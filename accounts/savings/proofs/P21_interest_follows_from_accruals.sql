-- What the books owe in interest (2110) is what was booked for each date less what was paid; what was
-- booked through a date is what accounts earned through it, to the cent; and what an account was paid
-- and carries on is what it earned. A closed account earned, carries and is owed nothing more.
-- What accounts earned is summed anew by night, and of a date that was booked after entry `since`: the
-- accruals are the longest table of the bank.
WITH day AS (
    SELECT j.business_date, sum(j.booked) OVER w AS booked, j.carried_in, j.accrued, j.booked AS today,
           j.carried_out, j.entry_id, coalesce(lag(j.carried_out) OVER w, 0) AS before,
           CASE WHEN %(since)s = 0 OR j.entry_id > %(since)s
                THEN (SELECT coalesce(sum(a.amount), 0) FROM accounts_interestaccrual a
                       WHERE a.booked_on = j.business_date)
                ELSE j.accrued END AS earned
      FROM accounts_interestjournal j WINDOW w AS (ORDER BY j.business_date)
), earned AS (
    SELECT a.account_id, sum(a.amount) AS amount, min(a.booked_on) AS since
      FROM accounts_interestaccrual a
      JOIN accounts_depositaccount d ON d.ledger_account_id = a.account_id
      JOIN LATERAL (SELECT max(i.paid_on) AS paid_on FROM accounts_interestpayment i
                     WHERE i.account_id = d.id) s ON a.booked_on <= s.paid_on
     WHERE %(since)s = 0
     GROUP BY a.account_id
), paid AS (
    SELECT d.ledger_account_id AS account_id, sum(i.accrued) AS accrued, sum(i.gross) AS gross,
           (array_agg(i.carried_out ORDER BY i.paid_on DESC))[1] AS carried
      FROM accounts_interestpayment i JOIN accounts_depositaccount d ON d.id = i.account_id
     WHERE %(since)s = 0
     GROUP BY d.ledger_account_id
)
SELECT 'interest of ' || business_date AS subject,
       'accounts earned ' || earned || ', it says ' || accrued || ', booked ' || today AS fault
  FROM day WHERE earned <> accrued OR carried_in <> before
              OR carried_in + accrued <> today + carried_out OR (entry_id IS NULL) <> (today = 0)
UNION ALL
SELECT 'account ' || coalesce(e.account_id, p.account_id),
       'earned ' || coalesce(e.amount, 0) || ', was paid ' || coalesce(p.gross, 0) || ' and carries '
       || coalesce(p.carried, 0)
  FROM earned e FULL JOIN paid p USING (account_id)
 WHERE coalesce(e.amount, 0) <> coalesce(p.accrued, 0)
    OR coalesce(p.accrued, 0) <> coalesce(p.gross, 0) + coalesce(p.carried, 0)
UNION ALL
SELECT 'closed account ' || d.number,
       'has ' || coalesce(sum(a.amount), 0) + s.carried_out || ' of interest that was not paid when it was closed'
  FROM accounts_depositaccount d
  JOIN LATERAL (SELECT i.paid_on, i.carried_out FROM accounts_interestpayment i
                 WHERE i.account_id = d.id
                 UNION ALL SELECT d.opened_date - 1, 0
                 ORDER BY paid_on DESC LIMIT 1) s ON true
  LEFT JOIN accounts_interestaccrual a
    ON a.account_id = d.ledger_account_id AND a.booked_on > s.paid_on
 WHERE d.closed_date IS NOT NULL
   AND (%(since)s = 0 OR d.id IN (SELECT n.account_id FROM accounts_interestpayment n
                                   WHERE n.entry_id > %(since)s))
 GROUP BY d.number, s.carried_out
HAVING coalesce(sum(a.amount), 0) + s.carried_out <> 0
UNION ALL
SELECT 'interest payment ' || i.id, 'says ' || i.gross || ' less ' || i.tax || ', its entry does not'
  FROM accounts_interestpayment i
  JOIN accounts_depositaccount d ON d.id = i.account_id
  LEFT JOIN ledger_posting p ON p.entry_id = i.entry_id AND p.account_id = d.ledger_account_id
 WHERE (%(since)s = 0 OR i.entry_id > %(since)s)
   AND ((i.gross = 0) <> (i.entry_id IS NULL)
        OR i.entry_id IS NOT NULL
           AND (p.amount, p.side) IS DISTINCT FROM (i.gross - i.tax, 'CREDIT')
        OR i.carried_in + i.accrued <> i.gross + i.carried_out)
UNION ALL
SELECT 'line 2110', 'owes ' || l.balance || ', booked less paid is ' || w.owed
  FROM (SELECT sum(b.balance) AS balance FROM ledger_balance b
          JOIN ledger_ledgeraccount a ON a.id = b.account_id WHERE a.code = '2110') l,
       (SELECT coalesce((SELECT sum(booked) FROM accounts_interestjournal), 0)
             - coalesce((SELECT sum(gross) FROM accounts_interestpayment), 0) AS owed) w
 WHERE %(since)s = 0 AND l.balance <> w.owed
UNION ALL
SELECT 'line 2110', 'was moved by ' || m.moved || ' lately, booked less paid is ' || w.owed
  FROM (SELECT coalesce(sum(CASE p.side WHEN 'CREDIT' THEN p.amount ELSE -p.amount END), 0) AS moved
          FROM ledger_posting p JOIN ledger_ledgeraccount a ON a.id = p.account_id
         WHERE p.entry_id > %(since)s AND a.code = '2110') m,
       (SELECT coalesce((SELECT sum(booked) FROM accounts_interestjournal
                          WHERE entry_id > %(since)s), 0)
             - coalesce((SELECT sum(gross) FROM accounts_interestpayment
                          WHERE entry_id > %(since)s), 0) AS owed) w
 WHERE %(since)s > 0 AND m.moved <> w.owed
