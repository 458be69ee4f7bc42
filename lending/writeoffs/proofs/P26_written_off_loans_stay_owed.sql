-- A loan that was written off left the books by one entry, and what is owed of it stands in line
-- 9010 until it is paid; it is recovered when, and only when, nothing of it is owed.
WITH off AS (
    SELECT l.number, l.state, w.entry_id, w.principal + w.interest + w.penalty AS owed,
           coalesce((SELECT sum(r.amount) FROM lending_repayment r WHERE r.write_off_id = w.loan_id), 0)
               AS paid
      FROM lending_loan l LEFT JOIN lending_writeoff w ON w.loan_id = l.id
     WHERE (w.loan_id IS NOT NULL OR l.state IN ('WRITTEN_OFF', 'RECOVERED'))
)
SELECT 'loan ' || number AS subject,
       'is ' || state || ', was written off with ' || coalesce(owed, 0) || ' and paid ' || paid AS fault
  FROM off
 WHERE owed IS NULL OR state NOT IN ('WRITTEN_OFF', 'RECOVERED') OR paid > owed
    OR (state = 'RECOVERED') <> (paid = owed)
UNION ALL
SELECT 'loan ' || o.number, 'was written off with ' || o.owed || ', its entry claims ' || coalesce(sum(p.amount), 0)
  FROM off o
  LEFT JOIN (ledger_posting p JOIN ledger_ledgeraccount a ON a.id = p.account_id AND a.code = '9010')
         ON p.entry_id = o.entry_id AND p.side = 'DEBIT'
 WHERE o.entry_id IS NOT NULL AND (%(since)s = 0 OR o.entry_id > %(since)s)
 GROUP BY o.number, o.owed
HAVING coalesce(sum(p.amount), 0) <> o.owed
UNION ALL
SELECT 'payment ' || r.receipt_no, 'of ' || r.amount || ' on a loan that is written off, its income is '
       || coalesce(sum(p.amount), 0)
  FROM lending_repayment r
  LEFT JOIN (ledger_posting p JOIN ledger_ledgeraccount a ON a.id = p.account_id AND a.code = '4310')
         ON p.entry_id = r.entry_id AND p.side = 'CREDIT'
 WHERE r.write_off_id IS NOT NULL AND (%(since)s = 0 OR r.entry_id > %(since)s)
 GROUP BY r.id
HAVING coalesce(sum(p.amount), 0) <> r.amount
UNION ALL
SELECT 'line ' || w.code, 'holds ' || coalesce(sum(b.balance), 0) || ', written off and not paid is ' || w.owed
  FROM (SELECT unnest(ARRAY['9010', '9011']) AS code, coalesce(sum(owed - paid), 0) AS owed FROM off) w
  LEFT JOIN ledger_ledgeraccount a ON a.code = w.code
  LEFT JOIN ledger_balance b ON b.account_id = a.id
 WHERE %(since)s = 0
 GROUP BY w.code, w.owed
HAVING coalesce(sum(b.balance), 0) <> w.owed
