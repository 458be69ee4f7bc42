-- Entries of one account follow the business date: it never goes back, none lies in the future, and
-- none was recorded on the other side of the moment when the open date was opened.
SELECT 'entry ' || e.id AS subject, 'booked on ' || e.business_date || ', the bank is at ' || d.business_date AS fault
  FROM ledger_entry e CROSS JOIN ledger_businessday d
 WHERE e.id > %(since)s AND (e.business_date > d.business_date OR e.value_date > e.business_date)
UNION ALL
SELECT 'entry ' || e.id, 'of ' || e.business_date || ' was recorded at ' || e.recorded_at || ', '
       || d.business_date || ' was opened at ' || d.updated_at
  FROM ledger_entry e CROSS JOIN ledger_businessday d
 WHERE e.id > %(since)s
   AND (e.business_date = d.business_date) <> (e.recorded_at >= d.updated_at)
UNION ALL
SELECT 'account ' || account_id || '/' || shard || ' #' || sequence, 'goes back to ' || business_date
  FROM (SELECT p.account_id, p.shard, p.sequence, p.business_date,
               lag(p.business_date) OVER (PARTITION BY p.account_id, p.shard ORDER BY p.sequence) AS before
          FROM ledger_posting p
         WHERE (p.account_id, p.shard) IN (SELECT account_id, shard FROM ledger_posting WHERE entry_id > %(since)s)
       ) chain
 WHERE before > business_date
