-- Every entry under a seal says what it said when it was sealed, none is gone, each seal follows from
-- the one before it, and every entry of a closed date is under one, once.
WITH seal AS (
    SELECT s.*, coalesce(lag(s.hash) OVER (ORDER BY s.id), repeat('0', 64)) AS before
      FROM ledger_seal s
), chosen AS (
    SELECT * FROM seal
     WHERE %(since)s = 0 OR lasts[cardinality(lasts)] > %(since)s OR cardinality(lasts) = 0
), leaf AS MATERIALIZED (
    SELECT s.id AS seal, r.id AS entry, e.id IS NULL AS is_gone,
           sha256(convert_to(ledger_entry_text(e), 'UTF8')) AS leaf,
           substring(s.leaves FROM ((row_number() OVER (PARTITION BY s.id ORDER BY r.id) - 1) * 8
                                    + 1)::int FOR 8) AS sealed
      FROM chosen s
      CROSS JOIN LATERAL unnest(s.firsts, s.lasts) AS spans(first, last)
      CROSS JOIN LATERAL generate_series(spans.first, spans.last) AS r(id)
      LEFT JOIN ledger_entry e ON e.id = r.id
), whole AS (
    SELECT l.seal, string_agg(l.leaf, '' ORDER BY l.entry) AS whole, count(*) AS entries FROM leaf l
     GROUP BY l.seal
)
SELECT 'entry ' || entry AS subject,
       CASE WHEN is_gone THEN 'is gone; seal ' || seal || ' covers it'
            ELSE 'is not what seal ' || seal || ' covered' END AS fault
  FROM leaf WHERE is_gone OR substring(leaf FOR 8) IS DISTINCT FROM sealed
UNION ALL
SELECT 'seal ' || s.id, 'has another hash than its entries'
  FROM chosen s LEFT JOIN whole w ON w.seal = s.id
 WHERE s.entries <> coalesce(w.entries, 0)
    OR s.hash <> ledger_seal_hash(s.previous, s.business_date, s.firsts, s.lasts,
                                  coalesce(w.whole, ''))
UNION ALL
SELECT 'seal ' || id, 'does not follow the seal before it' FROM chosen WHERE previous <> before
UNION ALL
SELECT 'entry ' || e.id, 'of ' || e.business_date || ' is under no seal'
  FROM ledger_entry e LEFT JOIN leaf l ON l.entry = e.id
 WHERE e.id > %(since)s AND l.entry IS NULL
   AND e.business_date <= (SELECT max(business_date) FROM ledger_seal)
UNION ALL
SELECT 'entry ' || entry, 'is under ' || count(*) || ' seals' FROM leaf GROUP BY entry HAVING count(*) > 1
