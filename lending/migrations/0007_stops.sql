-- A stop keeps what it stopped, since when and why, and is lifted once; whoever writes.
CREATE FUNCTION lending_stop_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.lifted_at IS NOT NULL THEN
        RAISE EXCEPTION 'stop % is lifted', OLD.id USING ERRCODE = 'WK112';
    ELSIF (to_jsonb(NEW) - '{lifted_at,lifted_by,approval_id,updated_at}'::text[])
          IS DISTINCT FROM
          (to_jsonb(OLD) - '{lifted_at,lifted_by,approval_id,updated_at}'::text[]) THEN
        RAISE EXCEPTION 'stop % stays as it is', OLD.id USING ERRCODE = 'WK112';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lending_stop_stays BEFORE UPDATE ON lending_lendingstop
    FOR EACH ROW EXECUTE FUNCTION lending_stop_stays();
ALTER TABLE lending_lendingstop ENABLE ALWAYS TRIGGER lending_stop_stays;
