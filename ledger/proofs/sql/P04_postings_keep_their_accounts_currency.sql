-- A posting stands in its account's currency, on an account that exists (the orphan proof that stands
-- in for a foreign key), and never on a control line.
SELECT 'posting ' || p.account_id || '/' || p.shard || ' #' || p.sequence AS subject,
       CASE WHEN a.id IS NULL THEN 'no such account'
            WHEN a.is_control THEN 'stands on a control line'
            ELSE p.currency || ' on an account of ' || a.currency END AS fault
  FROM ledger_posting p
  LEFT JOIN ledger_ledgeraccount a ON a.id = p.account_id
 WHERE p.entry_id > %(since)s
   AND (a.id IS NULL OR a.is_control OR a.currency <> p.currency)
