-- Every account that takes postings has its balance rows, which repeat its currency and side truly;
-- a control line has none and is of its children's currency and side; a closed account is empty.
SELECT 'account ' || a.code AS subject,
       count(b.*) || ' balance rows of '
       || coalesce((SELECT string_agg(DISTINCT r.currency || ' ' || r.normal_side, ', ')
                      FROM ledger_balance r WHERE r.account_id = a.id), '-') AS fault
  FROM ledger_ledgeraccount a
  JOIN ledger_currency c ON c.code = a.currency
  LEFT JOIN ledger_balance b ON b.account_id = a.id
  LEFT JOIN ledger_ledgeraccount k ON k.id = a.control_id
 GROUP BY a.id, k.id
HAVING count(b.*) <> CASE WHEN a.is_control THEN 0 WHEN a.is_guarded THEN 1 ELSE 64 END
    OR bool_or(b.currency <> a.currency OR b.normal_side <> a.normal_side
               OR (b.floor IS NULL) = a.is_guarded OR b.exponent <> c.exponent)
    OR (a.closed_date IS NOT NULL
        AND bool_or(b.balance <> 0 OR b.held <> 0 OR b.takes_debits OR b.takes_credits))
    OR (k.id IS NOT NULL AND (NOT k.is_control OR k.currency <> a.currency
                              OR k.normal_side <> a.normal_side OR k.kind <> a.kind))
