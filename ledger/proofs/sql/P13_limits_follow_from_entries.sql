-- What is used of a limit is what its entries took, less what their reversals gave back.
WITH took AS (
    SELECT c.owner_ref, c.kind, c.period_start, sum(c.amount) AS used
      FROM ledger_entry e
      CROSS JOIN LATERAL jsonb_to_recordset(e.counts)
        AS c(owner_ref text, kind text, period_start date, amount numeric)
     WHERE e.counts IS NOT NULL
       AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses_id = e.id)
     GROUP BY 1, 2, 3
)
SELECT coalesce(k.owner_ref, t.owner_ref) || ' ' || coalesce(k.kind, t.kind) || ' '
       || coalesce(k.period_start, t.period_start) AS subject,
       'used is ' || coalesce(k.used, 0) || ', entries say ' || coalesce(t.used, 0) AS fault
  FROM ledger_counter k FULL JOIN took t USING (owner_ref, kind, period_start)
 WHERE coalesce(k.used, 0) <> coalesce(t.used, 0)
