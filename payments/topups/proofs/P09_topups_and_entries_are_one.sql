-- A paid top-up has one entry of its own, which names it, has its receipt number, and books exactly
-- its amount from the collection line to its account; one that is pending, failed or returned has
-- none. An entry on a deposit account, under a customer's reference, that is of the kind or names a
-- top-up is of a paid one. Nothing the rail took waits for an event that is no longer told.
WITH paid AS (
    SELECT t.id, t.entry_id, t.public_id, t.customer_id, t.receipt_no, t.amount, t.currency,
           a.ledger_account_id
      FROM payments_topup t JOIN accounts_depositaccount a ON a.id = t.account_id
     WHERE t.state = 'PAID' AND t.entry_id > %(since)s
), lines AS (
    SELECT p.id, l.account_id, l.side, p.amount, p.currency, 1 AS says
      FROM paid p
      CROSS JOIN LATERAL (VALUES
          ((SELECT id FROM ledger_ledgeraccount WHERE code = '1150'), 'DEBIT'),
          (p.ledger_account_id, 'CREDIT')
      ) AS l(account_id, side)
    UNION ALL
    SELECT p.id, b.account_id, b.side, b.amount, b.currency, -1
      FROM paid p JOIN ledger_posting b ON b.entry_id = p.entry_id
     WHERE b.entry_id > %(since)s
)
SELECT 'top-up ' || id AS subject,
       CASE WHEN sum(says) > 0 THEN 'its entry lacks ' ELSE 'its entry should not have ' END
       || side || ' ' || amount || ' ' || currency || ' on account ' || account_id AS fault
  FROM lines GROUP BY id, account_id, side, amount, currency HAVING sum(says) <> 0
UNION ALL
SELECT 'top-up ' || p.id, 'its entry ' || p.entry_id || ' is ' || e.kind || ' ' || e.reference
       || ' of ' || e.owner || ', from ' || e.source || ', receipt ' || e.receipt_no
  FROM paid p JOIN ledger_entry e ON e.id = p.entry_id
 WHERE e.kind <> 'MM_IN' OR e.owner <> 'customer:' || p.customer_id
    OR e.reference <> 'topup:' || p.public_id OR e.source <> 'payments.topup:' || p.id
    OR e.receipt_no <> p.receipt_no OR p.receipt_no = '' OR e.reverses_id IS NOT NULL
UNION ALL
SELECT 'top-up ' || t.id, 'is ' || t.state || ' with entry ' || coalesce(t.entry_id::text, 'none')
  FROM payments_topup t
 WHERE (t.state = 'PAID') <> (t.entry_id IS NOT NULL)
UNION ALL
SELECT 'top-up ' || t.id, 'is ' || t.state || ', and its event ' || m.id || ' is stuck'
  FROM ledger_outboxmessage m JOIN payments_topup t ON t.id = (m.payload->>'topup')::bigint
 WHERE m.state = 'STUCK' AND m.event IN ('topup.started', 'topup.returned')
   AND t.state IN ('STARTED', 'UNKNOWN', 'RETURNED')
UNION ALL
SELECT 'entry ' || e.id, 'is of no paid top-up'
  FROM ledger_entry e
 WHERE e.id > %(since)s AND e.reverses_id IS NULL
   AND e.owner LIKE 'customer:%%'
   AND (e.kind = 'MM_IN' OR e.source LIKE 'payments.topup:%%')
   AND NOT EXISTS (SELECT FROM payments_topup t WHERE t.entry_id = e.id AND t.state = 'PAID')
   AND EXISTS (SELECT FROM ledger_posting b
                 JOIN accounts_depositaccount a ON a.ledger_account_id = b.account_id
                WHERE b.entry_id = e.id)
