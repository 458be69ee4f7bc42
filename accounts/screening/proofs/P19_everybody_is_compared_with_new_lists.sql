-- Everybody was compared with what the version in force of a list brought, or its hours for that are
-- not over yet: those of the screening terms of today, counted from when it came into force, or
-- was written, for a demo bank loads its lists a year back.
SELECT 'list ' || v.list_id || ' of ' || v.published_date AS subject,
       'in force since ' || v.decided_at || ', ' || count(c.id) FILTER (WHERE c.done_at IS NULL)
       || ' of ' || count(c.id) || ' chunks of people not compared' AS fault
  FROM accounts_listversion v
  JOIN accounts_screeningterms t
    ON (now() AT TIME ZONE 'Africa/Nairobi')::date
       BETWEEN t.effective_from AND coalesce(t.effective_to, 'infinity')
  LEFT JOIN accounts_screeningchunk c ON c.version_id = v.id
 WHERE v.state = 'ACTIVE' AND v.screened_at IS NULL
   AND greatest(v.decided_at, v.created_at) < now() - make_interval(hours => t.rescreen_hours)
 GROUP BY v.id
