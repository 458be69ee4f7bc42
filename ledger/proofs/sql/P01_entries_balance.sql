-- Every entry has two postings or more, as many as it says, on its business date, and no posting is
-- without its entry (the orphan proof that stands in for a foreign key). In every currency debits
-- equal credits.
SELECT found.subject, found.fault
  FROM (SELECT id, legs, business_date FROM ledger_entry WHERE id > %(since)s) e
  FULL JOIN (SELECT entry_id, count(*) AS legs, min(line) AS first, max(line) AS last,
                    min(business_date) AS first_date, max(business_date) AS last_date
               FROM ledger_posting WHERE entry_id > %(since)s GROUP BY entry_id) l
    ON l.entry_id = e.id
 -- Whose posting it is, is looked up for what is broken only.
 CROSS JOIN LATERAL (
    SELECT 'entry ' || e.id AS subject,
           coalesce(l.legs, 0) || ' postings, it says ' || e.legs AS fault
     WHERE coalesce(l.legs, 0) < 2 OR l.legs <> e.legs OR l.first <> 1 OR l.last <> e.legs
    UNION ALL
    SELECT 'posting ' || p.account_id || '/' || p.shard || ' #' || p.sequence,
           CASE WHEN e.id IS NULL THEN 'of entry ' || p.entry_id || ', which is not there'
                ELSE 'stands on ' || p.business_date || ', its entry on ' || e.business_date END
      FROM ledger_posting p
     WHERE p.entry_id = l.entry_id AND p.business_date IS DISTINCT FROM e.business_date
       AND (e.id IS NULL OR l.first_date <> e.business_date OR l.last_date <> e.business_date)
 ) found
 WHERE e.id IS NULL OR coalesce(l.legs, 0) < 2 OR l.legs <> e.legs OR l.first <> 1 OR l.last <> e.legs
    OR l.first_date <> e.business_date OR l.last_date <> e.business_date
UNION ALL
SELECT 'entry ' || entry_id, currency || ' off by ' || net
  FROM (SELECT entry_id, currency,
               sum(CASE side WHEN 'DEBIT' THEN amount ELSE -amount END) AS net
          FROM ledger_posting WHERE entry_id > %(since)s GROUP BY entry_id, currency) sums
 WHERE net <> 0
