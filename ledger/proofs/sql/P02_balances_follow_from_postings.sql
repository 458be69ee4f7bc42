-- A balance is the sum of its postings, its sequence counts them without a gap, and every
-- balance_after is the one before it moved by the posting's amount.
WITH touched AS (
    SELECT account_id, shard FROM ledger_balance WHERE %(since)s = 0
    UNION ALL
    SELECT DISTINCT account_id, shard FROM ledger_posting
     WHERE %(since)s > 0 AND entry_id > %(since)s
), chain AS (
    SELECT p.account_id, p.shard, p.sequence, p.balance_after,
           CASE WHEN p.side = a.normal_side THEN p.amount ELSE -p.amount END AS moved,
           lag(p.balance_after, 1, 0) OVER chained AS before,
           row_number() OVER chained AS place
      FROM ledger_posting p JOIN touched USING (account_id, shard)
      JOIN ledger_ledgeraccount a ON a.id = p.account_id
    WINDOW chained AS (PARTITION BY p.account_id, p.shard ORDER BY p.sequence)
)
SELECT 'account ' || account_id || '/' || shard || ' #' || sequence AS subject,
       'balance after is ' || balance_after || ', should be ' || (before + moved) AS fault
  FROM chain WHERE balance_after <> before + moved OR sequence <> place
UNION ALL
SELECT 'account ' || b.account_id || '/' || b.shard,
       'stands at ' || b.balance || ' (#' || b.sequence || '), postings say '
       || coalesce(l.balance_after, 0) || ' (#' || coalesce(l.sequence, 0) || ')'
  FROM ledger_balance b
  LEFT JOIN LATERAL (SELECT p.balance_after, p.sequence FROM ledger_posting p
                      WHERE p.account_id = b.account_id AND p.shard = b.shard
                      ORDER BY p.business_date DESC, p.sequence DESC LIMIT 1) l ON true
 WHERE (%(since)s = 0 OR EXISTS (SELECT FROM touched t WHERE t.account_id = b.account_id AND t.shard = b.shard))
   AND (b.balance <> coalesce(l.balance_after, 0) OR b.sequence <> coalesce(l.sequence, 0))
