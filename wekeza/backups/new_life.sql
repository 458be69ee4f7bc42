-- A restored database counts its transactions from another number. An approval that was decided in
-- transaction 4711 of the old server must not pass for one decided in transaction 4711 of the new
-- one: below zero it keeps what it was, and equals none (ledger_takes_two).
ALTER TABLE ledger_approval DISABLE TRIGGER ledger_approval_stays;
UPDATE ledger_approval SET decided_in = -abs(decided_in) WHERE decided_in > 0;
ALTER TABLE ledger_approval ENABLE ALWAYS TRIGGER ledger_approval_stays;
-- Whoever was still posting when the backup was taken is gone: the monitor waits for nobody.
UPDATE accounts_monitormark SET horizon_xid = 0;
-- Nor does the chain of seals: whoever was writing then never will.
ALTER TABLE ledger_seal DISABLE TRIGGER ledger_seal_is_append_only;
UPDATE ledger_seal SET in_flight = 0, oldest = 0;
ALTER TABLE ledger_seal ENABLE ALWAYS TRIGGER ledger_seal_is_append_only;
-- A session that was ended after the backup must not live again: everybody signs in anew.
DELETE FROM django_session;
