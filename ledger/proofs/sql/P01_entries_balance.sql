-- Every entry has two postings or more, as many as it says, on its business date, and no posting is
-- without its entry (the orphan proof that stands in for a foreign key). In every currency debits
-- equal credits.
SELECT 'entry ' || coalesce(e.id, l.entry_id) AS subject,
       CASE WHEN e.id IS NULL THEN 'is not there, but ' || l.legs || ' postings of it'
            WHEN l.first_date <> e.business_date OR l.last_date <> e.business_date
            THEN 'of ' || e.business_date || ' has postings of ' || l.first_date || ' to ' || l.last_date
            ELSE coalesce(l.legs, 0) || ' postings, it says ' || e.legs END AS fault
  FROM (SELECT id, legs, business_date FROM ledger_entry WHERE id > %(since)s) e
  FULL JOIN (SELECT entry_id, count(*) AS legs, min(line) AS first, max(line) AS last,
                    min(business_date) AS first_date, max(business_date) AS last_date
               FROM ledger_posting WHERE entry_id > %(since)s GROUP BY entry_id) l
    ON l.entry_id = e.id
 WHERE e.id IS NULL OR coalesce(l.legs, 0) < 2 OR l.legs <> e.legs OR l.first <> 1 OR l.last <> e.legs
    OR l.first_date <> e.business_date OR l.last_date <> e.business_date
UNION ALL
SELECT 'entry ' || entry_id, currency || ' off by ' || net
  FROM (SELECT entry_id, currency,
               sum(CASE side WHEN 'DEBIT' THEN amount ELSE -amount END) AS net
          FROM ledger_posting WHERE entry_id > %(since)s GROUP BY entry_id, currency) sums
 WHERE net <> 0
