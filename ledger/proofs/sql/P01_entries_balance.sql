-- Every entry has two postings or more, as many as it says, and debits equal credits in every
-- currency.
WITH legs AS (
    SELECT p.entry_id, count(*) AS legs, min(p.line) AS first, max(p.line) AS last
      FROM ledger_posting p WHERE p.entry_id > %(since)s GROUP BY p.entry_id
)
SELECT 'entry ' || e.id AS subject,
       coalesce(l.legs, 0) || ' postings, it says ' || e.legs AS fault
  FROM ledger_entry e LEFT JOIN legs l ON l.entry_id = e.id
 WHERE e.id > %(since)s
   AND (coalesce(l.legs, 0) < 2 OR l.legs <> e.legs OR l.first <> 1 OR l.last <> e.legs)
UNION ALL
SELECT 'entry ' || entry_id, currency || ' off by ' || net
  FROM (SELECT entry_id, currency,
               sum(CASE side WHEN 'DEBIT' THEN amount ELSE -amount END) AS net
          FROM ledger_posting WHERE entry_id > %(since)s GROUP BY entry_id, currency) sums
 WHERE net <> 0
