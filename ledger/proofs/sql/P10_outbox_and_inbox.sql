-- An event is pending with a time to try again, done with a time, or stuck with a reason.
SELECT 'outbox ' || id AS subject, state || ' after ' || attempts || ' tries ' || error AS fault
  FROM ledger_outboxmessage
 WHERE NOT CASE state WHEN 'PENDING' THEN done_at IS NULL AND due_at IS NOT NULL
                      WHEN 'DONE' THEN done_at IS NOT NULL
                      WHEN 'STUCK' THEN done_at IS NULL AND error <> '' ELSE false END
UNION ALL
SELECT 'inbox ' || source || ' ' || message_ref, 'taken in ' || count(*) || ' times'
  FROM ledger_inboxreceipt GROUP BY source, message_ref HAVING count(*) > 1
