-- No NaN, no infinity, nothing finer than the currency's coin.
SELECT 'posting ' || p.account_id || '/' || p.shard || ' #' || p.sequence AS subject,
       p.amount || ' ' || p.currency AS fault
  FROM ledger_posting p JOIN ledger_currency c ON c.code = p.currency
 WHERE p.entry_id > %(since)s
   AND (NOT (p.amount > 0 AND p.amount < 'Infinity' AND p.balance_after < 'Infinity')
        OR p.amount <> round(p.amount, c.exponent))
UNION ALL
SELECT 'account ' || account_id || '/' || shard, 'stands at ' || balance || ' ' || currency
  FROM ledger_balance WHERE NOT (balance < 'Infinity') OR balance <> round(balance, exponent)
