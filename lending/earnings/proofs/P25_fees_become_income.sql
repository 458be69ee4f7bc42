-- The line of deferred fees holds what loans were charged less what of it became income; nothing
-- more than the fee does, and all of it when a loan is over and its night is booked.
WITH released AS (
    SELECT loan_id, sum(amount) AS amount FROM lending_feerelease GROUP BY loan_id
), loans AS (
    SELECT l.number, l.fee, coalesce(r.amount, 0) AS released,
           coalesce(w.business_date, l.paid_date) AS ended
      FROM lending_loan l
      LEFT JOIN released r ON r.loan_id = l.id
      LEFT JOIN lending_writeoff w ON w.loan_id = l.id
     WHERE l.fee > 0 OR r.amount > 0
)
SELECT 'loan ' || number AS subject,
       'has a fee of ' || fee || ', of which ' || released || ' is income' AS fault
  FROM loans
 WHERE released > fee
    OR released < fee AND EXISTS (SELECT FROM lending_earningjournal j
                                   WHERE j.business_date > loans.ended)
UNION ALL
SELECT 'fees of ' || j.business_date,
       'loans released ' || coalesce(sum(f.amount), 0) || ', booked ' || j.fee
  FROM lending_earningjournal j
  LEFT JOIN lending_feerelease f ON f.business_date = j.business_date
 WHERE %(since)s = 0 OR j.entry_id > %(since)s
 GROUP BY j.business_date
HAVING coalesce(sum(f.amount), 0) <> j.fee
UNION ALL
SELECT 'line ' || t.line, 'holds ' || coalesce(sum(b.balance), 0) || ', charged less booked is ' || w.held
  FROM (SELECT coalesce((SELECT sum(fee) FROM lending_loan), 0)
               - coalesce((SELECT sum(fee) FROM lending_earningjournal), 0) AS held) w
  LEFT JOIN LATERAL (SELECT line FROM lending_lendingline t WHERE t.role = 'FEES_DEFERRED'
                      ORDER BY effective_from DESC LIMIT 1) t ON true
  LEFT JOIN ledger_ledgeraccount a ON a.code = t.line
  LEFT JOIN ledger_balance b ON b.account_id = a.id
 WHERE %(since)s = 0
 GROUP BY t.line, w.held
HAVING coalesce(sum(b.balance), 0) <> w.held
