-- A loan of a business was agreed anew by as many different people, under one and the same digest, as
-- the mandate in force then asks for what was lent; who asked is among them only if that mandate counts
-- makers, and nobody turned it down.
WITH agreed AS (
    SELECT r.id, r.public_id, r.signed_at, l.number, l.business_id, l.principal,
           split_part(r.asked_by, ':', 2)::bigint AS asker
      FROM lending_restructure r JOIN lending_loan l ON l.id = r.loan_id
     WHERE r.state = 'SIGNED' AND l.business_id IS NOT NULL
       AND (%(since)s = 0 OR l.entry_id > %(since)s)
), ruled AS (
    SELECT DISTINCT ON (a.id) a.*, b.needed, b.maker_counts
      FROM agreed a
      LEFT JOIN accounts_mandateband b
        ON b.business_id = a.business_id AND b.valid_from <= a.signed_at
       AND (b.valid_until IS NULL OR b.valid_until > a.signed_at)
       AND (b.up_to IS NULL OR a.principal <= b.up_to)
     ORDER BY a.id, b.up_to NULLS LAST
), signed AS (
    SELECT r.id, count(DISTINCT s.signer_id) FILTER (
               WHERE s.decision = 'APPROVED' AND (r.maker_counts OR s.signer_id <> r.asker)) AS yes,
           count(*) FILTER (WHERE s.decision = 'REJECTED') AS no,
           count(DISTINCT s.intent_digest) AS digests
      FROM ruled r
      LEFT JOIN accounts_signature s
        ON s.intent = 'lending.restructure:' || r.public_id AND s.business_id = r.business_id
     GROUP BY r.id
)
SELECT 'loan ' || r.number AS subject,
       'was agreed anew with ' || s.yes || ' of ' || coalesce(r.needed::text, 'no') || ' signatures, '
       || s.no || ' against, under ' || s.digests || ' digests' AS fault
  FROM ruled r JOIN signed s ON s.id = r.id
 WHERE r.needed IS NULL OR s.yes < r.needed OR s.no > 0 OR s.digests <> 1
