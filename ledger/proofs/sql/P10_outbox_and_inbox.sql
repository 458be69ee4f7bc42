-- An event is pending with a time to try again, done with a time, or stuck with a reason, and the
-- entry that it tells of exists; nothing is taken in twice.
SELECT 'outbox ' || id AS subject, state || ' after ' || attempts || ' tries ' || error AS fault
  FROM ledger_outboxmessage
 WHERE (CASE state WHEN 'PENDING' THEN done_at IS NULL AND due_at IS NOT NULL
                   WHEN 'DONE' THEN done_at IS NOT NULL
                   WHEN 'STUCK' THEN done_at IS NULL AND error <> '' END) IS NOT TRUE
UNION ALL
SELECT 'outbox ' || m.id, m.event || ' tells of entry ' || (m.payload ->> 'entry')
  FROM ledger_outboxmessage m
 WHERE jsonb_typeof(m.payload -> 'entry') = 'number'
   AND NOT EXISTS (SELECT FROM ledger_entry e WHERE e.id = (m.payload ->> 'entry')::bigint)
UNION ALL
SELECT 'inbox ' || source || ' ' || message_ref, 'taken in ' || count(*) || ' times'
  FROM ledger_inboxreceipt GROUP BY source, message_ref HAVING count(*) > 1
