-- A paid transfer of a business was approved by as many different people, under exactly one and the
-- same digest, as the mandate in force when it was paid asks for its amount; its maker is among them
-- only if that mandate counts makers, and nobody turned it down. It left an account of that business.
WITH paid AS (
    SELECT t.id, t.public_id, t.business_id, t.customer_id, t.amount + t.fee AS total, t.paid_at, a.business_id AS holder
      FROM payments_transfer t JOIN accounts_depositaccount a ON a.id = t.source_id
     WHERE t.state = 'PAID' AND (t.business_id IS NOT NULL OR a.business_id IS NOT NULL)
       AND t.entry_id > %(since)s
), ruled AS (
    SELECT DISTINCT ON (p.id) p.*, b.needed, b.maker_counts
      FROM paid p
      LEFT JOIN accounts_mandateband b
        ON b.business_id = p.business_id AND b.valid_from <= p.paid_at
       AND (b.valid_until IS NULL OR b.valid_until > p.paid_at)
       AND (b.up_to IS NULL OR p.total <= b.up_to)
     ORDER BY p.id, b.up_to NULLS LAST
), signed AS (
    SELECT r.id, count(DISTINCT s.signer_id) FILTER (
               WHERE s.decision = 'APPROVED' AND (r.maker_counts OR s.signer_id <> r.customer_id)) AS yes,
           count(*) FILTER (WHERE s.decision = 'REJECTED') AS no,
           count(DISTINCT s.intent_digest) AS digests
      FROM ruled r
      LEFT JOIN accounts_signature s
        ON s.intent = 'payments.transfer:' || r.public_id AND s.business_id = r.business_id
     GROUP BY r.id
)
SELECT 'transfer ' || r.id AS subject,
       'was paid with ' || s.yes || ' of ' || coalesce(r.needed::text, 'no') || ' signatures, ' || s.no
       || ' against, under ' || s.digests || ' digests' AS fault
  FROM ruled r JOIN signed s ON s.id = r.id
 WHERE r.needed IS NULL OR s.yes < r.needed OR s.no > 0 OR s.digests <> 1
UNION ALL
SELECT 'transfer ' || id, 'is of business ' || coalesce(business_id::text, 'none')
       || ' and left an account of ' || coalesce(holder::text, 'none')
  FROM paid WHERE business_id IS DISTINCT FROM holder
