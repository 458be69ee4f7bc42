-- A paid transfer has one entry of its own, which names it, has its receipt number, and books exactly
-- its amount from account to account and its fee, net and excise; no other transfer has an entry.
-- An entry on a deposit account, under a customer's or a business's reference, that is of the kind or names a
-- transfer is of a paid one.
WITH paid AS (
    SELECT t.id, t.entry_id, t.public_id, coalesce('business:' || t.business_id, 'customer:' || t.customer_id) AS owner, t.receipt_no, t.amount, t.fee, t.fee_duty,
           t.currency, payer.ledger_account_id AS payer, payee.ledger_account_id AS payee
      FROM payments_transfer t
      JOIN accounts_depositaccount payer ON payer.id = t.source_id
      JOIN accounts_depositaccount payee ON payee.id = t.target_id
     WHERE t.state = 'PAID' AND t.entry_id > %(since)s
), lines AS (
    SELECT p.id, l.account_id, l.side, l.amount, p.currency, 1 AS says
      FROM paid p
      CROSS JOIN LATERAL (VALUES
          (p.payer, 'DEBIT', p.amount), (p.payee, 'CREDIT', p.amount), (p.payer, 'DEBIT', p.fee),
          ((SELECT id FROM ledger_ledgeraccount WHERE code = '4110'), 'CREDIT', p.fee - p.fee_duty),
          ((SELECT id FROM ledger_ledgeraccount WHERE code = '2210'), 'CREDIT', p.fee_duty)
      ) AS l(account_id, side, amount)
     WHERE l.amount <> 0
    UNION ALL
    SELECT p.id, b.account_id, b.side, b.amount, b.currency, -1
      FROM paid p JOIN ledger_posting b ON b.entry_id = p.entry_id
     WHERE b.entry_id > %(since)s
)
SELECT 'transfer ' || id AS subject,
       CASE WHEN sum(says) > 0 THEN 'its entry lacks ' ELSE 'its entry should not have ' END
       || side || ' ' || amount || ' ' || currency || ' on account ' || account_id AS fault
  FROM lines GROUP BY id, account_id, side, amount, currency HAVING sum(says) <> 0
UNION ALL
SELECT 'transfer ' || p.id, 'its entry ' || p.entry_id || ' is ' || e.kind || ' ' || e.reference
       || ' of ' || e.owner || ', from ' || e.source || ', receipt ' || e.receipt_no
  FROM paid p JOIN ledger_entry e ON e.id = p.entry_id
 WHERE e.kind <> 'INTERNAL_TRANSFER' OR e.owner <> p.owner
    OR e.reference <> 'transfer:' || p.public_id OR e.source <> 'payments.transfer:' || p.id
    OR e.receipt_no <> p.receipt_no OR p.receipt_no = '' OR e.reverses_id IS NOT NULL
UNION ALL
SELECT 'transfer ' || t.id, 'is ' || t.state || ' with entry ' || coalesce(t.entry_id::text, 'none')
  FROM payments_transfer t
 WHERE (t.state = 'PAID') <> (t.entry_id IS NOT NULL)
UNION ALL
SELECT 'entry ' || e.id, 'is of no paid transfer'
  FROM ledger_entry e
 WHERE e.id > %(since)s AND e.reverses_id IS NULL
   AND (e.owner LIKE 'customer:%%' OR e.owner LIKE 'business:%%')
   AND (e.kind = 'INTERNAL_TRANSFER' OR e.source LIKE 'payments.transfer:%%')
   AND NOT EXISTS (SELECT FROM payments_transfer t WHERE t.entry_id = e.id AND t.state = 'PAID')
   AND EXISTS (SELECT FROM ledger_posting b
                 JOIN accounts_depositaccount a ON a.ledger_account_id = b.account_id
                WHERE b.entry_id = e.id)
