-- What was asked for never changes, and a decision is made once; whoever writes, by whatever role.
CREATE FUNCTION ledger_approval_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'PENDING' THEN
        RAISE EXCEPTION 'approval % is decided: %', OLD.id, OLD.state USING ERRCODE = 'WK110';
    ELSIF (to_jsonb(NEW) - '{state,checker,checker_person,decided_at,decided_in,note}'::text[])
          IS DISTINCT FROM
          (to_jsonb(OLD) - '{state,checker,checker_person,decided_at,decided_in,note}'::text[]) THEN
        RAISE EXCEPTION 'approval % keeps what was asked for', OLD.id USING ERRCODE = 'WK110';
    END IF;
    NEW.decided_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_approval_stays BEFORE UPDATE ON ledger_approval
    FOR EACH ROW EXECUTE FUNCTION ledger_approval_stays();
-- Nobody is maker or checker of something about themselves (decision 0011).
ALTER TABLE ledger_approval ADD CONSTRAINT ledger_nobody_decides_about_themselves
    CHECK (NOT jsonb_exists(about, maker_person) AND NOT jsonb_exists(about, checker_person));
-- Nothing is born decided.
CREATE FUNCTION ledger_approval_begins_waiting() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state <> 'PENDING' OR NEW.checker <> '' OR NEW.checker_person <> ''
       OR NEW.decided_in IS NOT NULL THEN
        RAISE EXCEPTION 'an approval begins waiting' USING ERRCODE = 'WK110';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_approval_begins_waiting BEFORE INSERT ON ledger_approval
    FOR EACH ROW EXECUTE FUNCTION ledger_approval_begins_waiting();
CREATE TRIGGER ledger_approval_is_kept BEFORE DELETE OR TRUNCATE ON ledger_approval
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
ALTER TABLE ledger_approval
    ENABLE ALWAYS TRIGGER ledger_approval_stays,
    ENABLE ALWAYS TRIGGER ledger_approval_begins_waiting,
    ENABLE ALWAYS TRIGGER ledger_approval_is_kept;

-- For tables of the floors above whose rows take two persons: a row names the approval of one of
-- these deeds, and that approval was decided in this very transaction. The owner, who migrates, may
-- write without.
CREATE FUNCTION ledger_takes_two() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER')
            OR EXISTS (SELECT FROM public.ledger_approval a
                        WHERE a.id = NEW.approval_id AND a.state = 'APPROVED'
                          AND a.deed = ANY (TG_ARGV)
                          AND a.decided_in = pg_current_xact_id()::text::bigint)) THEN
        RAISE EXCEPTION 'a row of % takes two persons', TG_TABLE_NAME USING ERRCODE = 'WK111';
    END IF;
    RETURN NULL;
END $$;
