-- A closed period has taken no entry since it closed, value dates open after the last one that is
-- closed, and a closed year has closed its December.
SELECT 'entry ' || e.id AS subject,
       'valued ' || e.value_date || ', its period closed at ' || p.changed_at AS fault
  FROM ledger_period p
  JOIN ledger_entry e ON date_trunc('month', e.value_date)::date = p.first_date
 WHERE p.is_closed AND e.id > %(since)s AND e.recorded_at > p.changed_at
UNION ALL
SELECT 'period ' || p.first_date, 'is closed, value dates open on ' || d.open_from
  FROM ledger_period p CROSS JOIN ledger_businessday d
 WHERE p.is_closed AND p.last_date >= d.open_from
UNION ALL
SELECT 'year ' || y.year, 'is closed, its December is not'
  FROM ledger_financialyear y
 WHERE NOT EXISTS (SELECT FROM ledger_period p
                    WHERE p.is_closed AND p.first_date = make_date(y.year, 12, 1))
