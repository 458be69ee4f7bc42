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
-- In the order of the key no sequence may fall: then a later posting has an earlier date.
SELECT 'account ' || account_id || '/' || shard || ' #' || sequence, 'goes back to ' || business_date
  FROM (SELECT p.account_id, p.shard, p.sequence, p.business_date,
               lead(p.sequence) OVER (PARTITION BY p.account_id, p.shard
                                      ORDER BY p.business_date, p.sequence) AS next
          FROM ledger_posting p
          JOIN (SELECT account_id, shard FROM ledger_balance WHERE %(since)s = 0
                UNION ALL
                SELECT DISTINCT account_id, shard FROM ledger_posting
                 WHERE %(since)s > 0 AND entry_id > %(since)s) touched USING (account_id, shard)
       ) chain
 WHERE next < sequence
