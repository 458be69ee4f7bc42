-- The product table and the books tell the same story: every deposit account stands on one customer
-- account under its product's control line, and that line has no child that nobody holds.
SELECT 'deposit account ' || d.number AS subject,
       'its ledger account ' || a.code || ' stands under ' || coalesce(c.code, 'nothing')
       || ' in ' || a.currency || ', its product under ' || p.control_line || ' in ' || p.currency AS fault
  FROM accounts_depositaccount d
  JOIN accounts_product p ON p.code = d.product_id
  JOIN ledger_ledgeraccount a ON a.id = d.ledger_account_id
  LEFT JOIN ledger_ledgeraccount c ON c.id = a.control_id
 WHERE c.code IS DISTINCT FROM p.control_line OR a.currency <> p.currency OR a.code <> d.number
    OR NOT a.is_guarded OR (a.closed_date IS NULL) <> (d.closed_date IS NULL)
UNION ALL
-- Sum of the children by the books, against the sum that the product table leads to.
SELECT 'control line ' || c.code,
       'its children hold ' || coalesce(sum(b.balance), 0) || ', deposit accounts '
       || coalesce(sum(b.balance) FILTER (WHERE d.id IS NOT NULL), 0)
  FROM ledger_ledgeraccount c
  JOIN ledger_ledgeraccount a ON a.control_id = c.id
  JOIN ledger_balance b ON b.account_id = a.id
  LEFT JOIN accounts_depositaccount d ON d.ledger_account_id = a.id
 WHERE c.code IN (SELECT control_line FROM accounts_product)
 GROUP BY c.code
HAVING coalesce(sum(b.balance), 0) <> coalesce(sum(b.balance) FILTER (WHERE d.id IS NOT NULL), 0)
