-- Over the whole bank, debits equal credits in every currency.
SELECT 'currency ' || currency AS subject, 'debits less credits are ' || net AS fault
  FROM (SELECT currency, sum(CASE normal_side WHEN 'DEBIT' THEN balance ELSE -balance END) AS net
          FROM ledger_balance GROUP BY currency) t
 WHERE net <> 0
