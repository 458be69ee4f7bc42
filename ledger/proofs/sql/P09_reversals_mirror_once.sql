-- A reversal is the exact mirror of one entry, each entry has one at most, and none is reversed.
WITH legs AS (
    SELECT r.id AS reversal, p.account_id, p.currency,
           sum(CASE p.side WHEN 'DEBIT' THEN p.amount ELSE -p.amount END) AS net
      FROM ledger_entry r JOIN ledger_posting p ON p.entry_id IN (r.id, r.reverses_id)
     WHERE r.reverses_id IS NOT NULL AND r.id > %(since)s
     GROUP BY 1, 2, 3
)
SELECT 'entry ' || reversal AS subject, 'leaves ' || net || ' on account ' || account_id AS fault
  FROM legs WHERE net <> 0
UNION ALL
SELECT 'entry ' || r.id, 'reverses a reversal or one that was reversed already'
  FROM ledger_entry r JOIN ledger_entry o ON o.id = r.reverses_id
 WHERE r.id > %(since)s
   AND (o.reverses_id IS NOT NULL
        OR EXISTS (SELECT FROM ledger_entry x WHERE x.reverses_id = o.id AND x.id <> r.id))
