-- A posting stands in its account's currency, on an account and an entry that exist, and never on a
-- control line (the orphan proof that stands in for foreign keys).
SELECT 'posting ' || p.account_id || '/' || p.shard || ' #' || p.sequence AS subject,
       CASE WHEN a.id IS NULL THEN 'no such account' WHEN e.id IS NULL THEN 'no such entry'
            WHEN a.is_control THEN 'stands on a control line'
            ELSE p.currency || ' on an account of ' || a.currency END AS fault
  FROM ledger_posting p
  LEFT JOIN ledger_ledgeraccount a ON a.id = p.account_id
  LEFT JOIN ledger_entry e ON e.id = p.entry_id
 WHERE p.entry_id > %(since)s
   AND (a.id IS NULL OR e.id IS NULL OR a.is_control OR a.currency <> p.currency
        OR e.business_date <> p.business_date)
