-- A reference stands for one entry of its owner, a door's key for one answer; each line of a batch is
-- one entry or refused; a reversal is the
-- exact mirror of one entry, each entry has one at most, and none is reversed itself.
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
   AND (o.reverses_id IS NOT NULL OR o.legs <> r.legs
        OR EXISTS (SELECT FROM ledger_entry x WHERE x.reverses_id = o.id AND x.id <> r.id))
UNION ALL
SELECT 'entry ' || e.id, 'stands under a reference of entry ' || f.id
  FROM ledger_entry e JOIN ledger_entry f USING (owner, reference)
 WHERE e.id > %(since)s AND f.id < e.id
UNION ALL
SELECT 'door key ' || owner || ' ' || route || ' ' || key, 'answers ' || count(*) || ' times'
  FROM ledger_doorkey GROUP BY owner, route, key HAVING count(*) > 1
UNION ALL
SELECT 'batch ' || b.id, 'of ' || b.lines || ' lines posted ' || count(e.id) || ', it says '
       || b.posted || ' and ' || jsonb_array_length(b.refused) || ' refused'
  FROM ledger_batch b
  CROSS JOIN LATERAL generate_series(1, b.lines) AS n
  LEFT JOIN ledger_entry e ON e.owner = b.owner AND e.reference = b.reference || '#' || n
 WHERE %(since)s = 0 OR b.recorded_at >= (SELECT recorded_at FROM ledger_entry WHERE id = %(since)s)
 GROUP BY b.id
HAVING count(e.id) <> b.posted OR b.posted + jsonb_array_length(b.refused) <> b.lines
