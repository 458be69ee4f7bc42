-- What the last run of provisions came to is the sum of its loans, and what the lines of provisions
-- and of the statutory reserve hold, less what loans took that were written off since.
WITH last AS (
    SELECT j.* FROM lending_provisionjournal j JOIN lending_provisionrun r ON r.id = j.run_id
     ORDER BY r.business_date DESC LIMIT 1
), summed AS (
    SELECT coalesce(sum(p.expected) FILTER (WHERE p.stage = 1), 0) AS stage_1,
           coalesce(sum(p.expected) FILTER (WHERE p.stage = 2), 0) AS stage_2,
           coalesce(sum(p.expected) FILTER (WHERE p.stage = 3), 0) AS stage_3,
           coalesce(sum(p.least), 0) AS least
      FROM last LEFT JOIN lending_loanprovision p ON p.run_id = last.run_id
), wanted AS (
    SELECT '1340' AS code, coalesce((SELECT stage_1 FROM last), 0) AS amount
    UNION ALL SELECT '1341', coalesce((SELECT stage_2 FROM last), 0)
    UNION ALL SELECT '1342', coalesce((SELECT stage_3 FROM last), 0)
              - coalesce((SELECT sum(w.provided) FROM lending_writeoff w
                            JOIN lending_loanprovision p ON p.id = w.provision_id
                            JOIN last ON last.run_id = p.run_id), 0)
    UNION ALL SELECT '3040', coalesce((SELECT reserve FROM last), 0)
)
SELECT 'provisions ' || l.run_id AS subject,
       'booked ' || (l.stage_1 + l.stage_2 + l.stage_3) || ' and at least ' || l.least
       || ', loans come to ' || (s.stage_1 + s.stage_2 + s.stage_3) || ' and ' || s.least AS fault
  FROM last l CROSS JOIN summed s
 WHERE (l.stage_1, l.stage_2, l.stage_3, l.least) <> (s.stage_1, s.stage_2, s.stage_3, s.least)
    OR l.reserve <> greatest(l.least - l.stage_1 - l.stage_2 - l.stage_3, 0)
UNION ALL
SELECT 'line ' || w.code, 'holds ' || coalesce(sum(b.balance), 0) || ', the last run came to ' || w.amount
  FROM wanted w
  LEFT JOIN ledger_ledgeraccount a ON a.code = w.code
  LEFT JOIN ledger_balance b ON b.account_id = a.id
 WHERE %(since)s = 0
 GROUP BY w.code, w.amount
HAVING coalesce(sum(b.balance), 0) <> w.amount
