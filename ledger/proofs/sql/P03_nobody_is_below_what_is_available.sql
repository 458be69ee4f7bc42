-- What is held is what the open holds have left, and a hold was taken as far as entries say. Holds,
-- minima and overdrafts are not negative, the floor is what is held less the overdraft, nobody is
-- below it, and nothing of it is endless (NaN counts as greater than infinity). Holds that ended and
-- that nothing has taken from since are looked at by night.
WITH hold AS (
    SELECT id, account_id, captured FROM ledger_hold WHERE %(since)s = 0 OR state = 'OPEN'
    UNION
    SELECT h.id, h.account_id, h.captured
      FROM ledger_entry e JOIN ledger_hold h ON h.id = e.hold_id
     WHERE %(since)s > 0 AND e.hold_id IS NOT NULL AND e.id > %(since)s
)
SELECT 'account ' || account_id AS subject,
       'available is ' || (balance - held + overdraft) || ', held ' || held || ', overdraft '
       || overdraft || ', floor ' || floor AS fault
  FROM ledger_balance
 WHERE floor IS NOT NULL
   AND (NOT (held >= 0 AND held < 'Infinity') OR NOT (overdraft >= 0 AND overdraft < 'Infinity')
        OR NOT (minimum >= 0 AND minimum < 'Infinity')
        OR floor <> held - overdraft OR balance < floor
        OR NOT (maximum IS NULL OR maximum > 0 AND maximum < 'Infinity'))
UNION ALL
SELECT 'account ' || b.account_id, 'holds ' || b.held || ', its holds say ' || coalesce(h.left, 0)
  FROM ledger_balance b
  FULL JOIN (SELECT account_id, sum(amount - captured) AS left FROM ledger_hold
              WHERE state = 'OPEN' GROUP BY account_id) h
    ON h.account_id = b.account_id AND b.shard = 0
 WHERE b.held IS DISTINCT FROM coalesce(h.left, 0)
UNION ALL
SELECT 'hold ' || h.id, 'is taken to ' || h.captured || ', entries say ' || coalesce(t.taken, 0)
  FROM hold h
  LEFT JOIN (SELECT e.hold_id, p.account_id, sum(p.amount) AS taken
               FROM hold o JOIN ledger_entry e ON e.hold_id = o.id
               JOIN ledger_posting p ON p.entry_id = e.id
               JOIN ledger_ledgeraccount a ON a.id = p.account_id AND a.normal_side <> p.side
              GROUP BY 1, 2) t
    ON t.hold_id = h.id AND t.account_id = h.account_id
 WHERE h.captured <> coalesce(t.taken, 0)
