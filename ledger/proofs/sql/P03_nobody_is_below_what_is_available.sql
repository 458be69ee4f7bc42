-- Holds and overdrafts are not negative, the floor is what is held less the overdraft, nobody is
-- below it, and nothing of it is endless (NaN counts as greater than infinity).
SELECT 'account ' || account_id AS subject,
       'available is ' || (balance - held + overdraft) || ', held ' || held || ', overdraft '
       || overdraft || ', floor ' || floor AS fault
  FROM ledger_balance
 WHERE floor IS NOT NULL
   AND (NOT (held >= 0 AND held < 'Infinity') OR NOT (overdraft >= 0 AND overdraft < 'Infinity')
        OR floor <> held - overdraft OR balance < floor
        OR NOT (maximum IS NULL OR maximum > 0 AND maximum < 'Infinity'))
