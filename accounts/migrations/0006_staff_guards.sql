-- What was taken away stays away, whoever writes: a role that ended, and an emergency that is over or
-- was judged. It takes two persons to give anew, by a row of its own.
CREATE FUNCTION accounts_grant_stays_ended() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'role grant % has ended', OLD.id USING ERRCODE = 'WK112';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_grant_stays_ended BEFORE UPDATE ON accounts_rolegrant
    FOR EACH ROW EXECUTE FUNCTION accounts_grant_stays_ended();
ALTER TABLE accounts_rolegrant ENABLE ALWAYS TRIGGER accounts_grant_stays_ended;

CREATE FUNCTION accounts_emergency_only_shrinks() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.verdict <> '' THEN
        RAISE EXCEPTION 'emergency % is judged: %', OLD.id, OLD.verdict USING ERRCODE = 'WK112';
    ELSIF NEW.ends_at > OLD.ends_at THEN
        RAISE EXCEPTION 'emergency % ends when it ends', OLD.id USING ERRCODE = 'WK112';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_emergency_only_shrinks BEFORE UPDATE ON accounts_breakglass
    FOR EACH ROW EXECUTE FUNCTION accounts_emergency_only_shrinks();
ALTER TABLE accounts_breakglass ENABLE ALWAYS TRIGGER accounts_emergency_only_shrinks;
