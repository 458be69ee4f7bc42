-- No entry lies in the future, and none was recorded on the other side of the moment when the open
-- date was opened. That the dates of an account never go back is in P02, which walks every account.
SELECT 'entry ' || e.id AS subject,
       CASE WHEN e.business_date > d.business_date OR e.value_date > e.business_date
            THEN 'booked on ' || e.business_date || ' for ' || e.value_date || ', the bank is at '
                 || d.business_date
            ELSE 'of ' || e.business_date || ' was recorded at ' || e.recorded_at || ', '
                 || d.business_date || ' was opened at ' || d.updated_at END AS fault
  FROM ledger_entry e CROSS JOIN ledger_businessday d
 WHERE e.id > %(since)s
   AND (e.business_date > d.business_date OR e.value_date > e.business_date
        OR (e.business_date = d.business_date) <> (e.recorded_at >= d.updated_at))
