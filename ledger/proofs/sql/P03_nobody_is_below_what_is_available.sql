-- Holds are not negative, the floor is what is held less the overdraft, and nobody is below it.
SELECT 'account ' || account_id AS subject, 'available is ' || (balance - held + overdraft) AS fault
  FROM ledger_balance
 WHERE floor IS NOT NULL AND (held < 0 OR floor <> held - overdraft OR balance < floor)
