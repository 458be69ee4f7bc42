-- What an account may hold is what the tier of its holder allows today, Nairobi time, or did half an
-- hour ago: on the first day of another limit the accounts follow within minutes.
WITH allowed AS (
    SELECT DISTINCT ON (moment, l.tier_id, l.currency) moment, l.tier_id, l.currency, l.amount
      FROM (VALUES (clock_timestamp()), (clock_timestamp() - interval '30 minutes')) AS asked (moment)
      JOIN accounts_tierlimit l ON l.kind = 'MAXIMUM_BALANCE' AND l.created_at <= moment
       AND l.effective_from <= (moment AT TIME ZONE 'Africa/Nairobi')::date
       AND coalesce(l.effective_to >= (moment AT TIME ZONE 'Africa/Nairobi')::date, true)
     ORDER BY moment, l.tier_id, l.currency, l.effective_from DESC
)
SELECT 'deposit account ' || d.number AS subject,
       'it may hold ' || coalesce(b.maximum::text, 'anything') || ', tier ' || t.tier || ' allows '
       || coalesce((SELECT a.amount::text FROM allowed a
                     WHERE a.tier_id = t.tier AND a.currency = p.currency
                     ORDER BY a.moment DESC LIMIT 1), 'anything') AS fault
  FROM accounts_depositaccount d
  JOIN accounts_product p ON p.code = d.product_id
  JOIN ledger_balance b ON b.account_id = d.ledger_account_id
  LEFT JOIN accounts_customer c ON c.id = d.customer_id
  LEFT JOIN accounts_business o ON o.id = d.business_id
 CROSS JOIN LATERAL (SELECT coalesce(o.tier_id, c.tier_id) AS tier) t
 WHERE d.closed_date IS NULL
   AND NOT EXISTS (
       SELECT FROM allowed a
        WHERE a.tier_id = t.tier AND a.currency = p.currency
          AND a.amount IS NOT DISTINCT FROM b.maximum)
