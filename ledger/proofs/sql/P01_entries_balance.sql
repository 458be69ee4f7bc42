-- Every entry has two postings or more, and debits equal credits in every currency.
SELECT 'entry ' || e.id AS subject,
       coalesce(p.currency, '-') || ' off by ' || coalesce(sum(CASE p.side WHEN 'DEBIT' THEN p.amount ELSE -p.amount END), 0) AS fault
  FROM ledger_entry e LEFT JOIN ledger_posting p ON p.entry_id = e.id
 WHERE e.id > %(since)s
 GROUP BY e.id, p.currency
HAVING count(p.*) = 0 OR sum(CASE p.side WHEN 'DEBIT' THEN p.amount ELSE -p.amount END) <> 0
    OR (SELECT count(*) FROM ledger_posting l WHERE l.entry_id = e.id) < 2
