-- A balance is the sum of its postings, its sequence counts them without a gap and in the order of
-- their business dates, which never go back, and every balance_after is the one before it moved by the
-- posting's amount.
WITH written AS (
    SELECT account_id, shard, business_date, sequence, side, amount, balance_after
      FROM ledger_posting WHERE %(since)s = 0
    UNION ALL
    SELECT p.account_id, p.shard, p.business_date, p.sequence, p.side, p.amount, p.balance_after
      FROM (SELECT DISTINCT account_id, shard FROM ledger_posting
             WHERE %(since)s > 0 AND entry_id > %(since)s) touched
      JOIN ledger_posting p USING (account_id, shard)
), chain AS (
    SELECT p.account_id, p.shard, p.business_date, p.sequence, p.balance_after,
           CASE WHEN p.side = a.normal_side THEN p.amount ELSE -p.amount END AS moved,
           lag(p.balance_after, 1, 0) OVER chained AS before,
           lag(p.sequence, 1, 0) OVER chained + 1 AS place
      FROM written p JOIN ledger_ledgeraccount a ON a.id = p.account_id
    -- The order of the key: nothing needs to be sorted, and a date that goes back breaks the sequence.
    WINDOW chained AS (PARTITION BY p.account_id, p.shard ORDER BY p.business_date, p.sequence)
)
SELECT 'account ' || account_id || '/' || shard || ' #' || sequence AS subject,
       CASE WHEN sequence <> place
            THEN 'stands on ' || business_date || ' after #' || place - 1 || ', '
            ELSE '' END
       || 'balance after is ' || balance_after || ', should be ' || (before + moved) AS fault
  FROM chain WHERE balance_after <> before + moved OR sequence <> place
UNION ALL
SELECT 'account ' || b.account_id || '/' || b.shard,
       'stands at ' || b.balance || ' (#' || b.sequence || '), postings say '
       || coalesce(l.balance_after, 0) || ' (#' || coalesce(l.sequence, 0) || ')'
  FROM ledger_balance b
  LEFT JOIN LATERAL (SELECT p.balance_after, p.sequence FROM ledger_posting p
                      WHERE p.account_id = b.account_id AND p.shard = b.shard
                      ORDER BY p.business_date DESC, p.sequence DESC LIMIT 1) l ON true
 WHERE (%(since)s = 0 OR (b.account_id, b.shard) IN (SELECT account_id, shard FROM ledger_posting
                                                     WHERE entry_id > %(since)s))
   AND (b.balance <> coalesce(l.balance_after, 0) OR b.sequence <> coalesce(l.sequence, 0))
