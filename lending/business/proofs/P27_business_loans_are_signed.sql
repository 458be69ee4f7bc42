-- A loan of a business was agreed to by as many different people, under one and the same digest, as
-- the mandate in force then asks for its amount; who asked for it is among them only if that mandate
-- counts makers, and nobody turned it down. It is of the business that asked, and stands at its account.
WITH lent AS (
    SELECT l.id, l.number, l.business_id, l.customer_id, l.principal, l.agreed_at, p.public_id,
           p.business_id AS asker, a.business_id AS holder
      FROM lending_loan l
      JOIN lending_loanapplication p ON p.id = l.application_id
      JOIN accounts_depositaccount a ON a.id = l.account_id
     WHERE (l.business_id IS NOT NULL OR p.business_id IS NOT NULL OR a.business_id IS NOT NULL)
       AND l.entry_id > %(since)s
), ruled AS (
    SELECT DISTINCT ON (l.id) l.*, b.needed, b.maker_counts
      FROM lent l
      LEFT JOIN accounts_mandateband b
        ON b.business_id = l.business_id AND b.valid_from <= l.agreed_at
       AND (b.valid_until IS NULL OR b.valid_until > l.agreed_at)
       AND (b.up_to IS NULL OR l.principal <= b.up_to)
     ORDER BY l.id, b.up_to NULLS LAST
), signed AS (
    SELECT r.id, count(DISTINCT s.signer_id) FILTER (
               WHERE s.decision = 'APPROVED' AND (r.maker_counts OR s.signer_id <> r.customer_id)) AS yes,
           count(*) FILTER (WHERE s.decision = 'REJECTED') AS no,
           count(DISTINCT s.intent_digest) AS digests
      FROM ruled r
      LEFT JOIN accounts_signature s
        ON s.intent = 'lending.take:' || r.public_id AND s.business_id = r.business_id
     GROUP BY r.id
)
SELECT 'loan ' || r.number AS subject,
       'was taken with ' || s.yes || ' of ' || coalesce(r.needed::text, 'no') || ' signatures, ' || s.no
       || ' against, under ' || s.digests || ' digests' AS fault
  FROM ruled r JOIN signed s ON s.id = r.id
 WHERE r.needed IS NULL OR s.yes < r.needed OR s.no > 0 OR s.digests <> 1
UNION ALL
SELECT 'loan ' || number, 'is of business ' || coalesce(business_id::text, 'none') || ', was asked for by '
       || coalesce(asker::text, 'none') || ' and stands at an account of ' || coalesce(holder::text, 'none')
  FROM lent WHERE business_id IS DISTINCT FROM holder OR business_id IS DISTINCT FROM asker
