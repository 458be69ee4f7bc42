-- Whoever makes a login the one locks it first, so that the other waits and then sees it.
CREATE FUNCTION accounts_customer_or_staff() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_both boolean;
BEGIN
  PERFORM FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
  EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE user_id = $1)', TG_ARGV[0])
    INTO is_both USING NEW.user_id;
  IF is_both THEN
    RAISE EXCEPTION 'a login is a customer''s or a colleague''s, never both'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'accounts_login_is_customer_or_staff';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER accounts_customer_is_no_staff BEFORE INSERT OR UPDATE OF user_id
  ON accounts_customer FOR EACH ROW
  EXECUTE FUNCTION accounts_customer_or_staff('accounts_staffmember');
CREATE TRIGGER accounts_staff_is_no_customer BEFORE INSERT OR UPDATE OF user_id
  ON accounts_staffmember FOR EACH ROW
  EXECUTE FUNCTION accounts_customer_or_staff('accounts_customer');
ALTER TABLE accounts_customer ENABLE ALWAYS TRIGGER accounts_customer_is_no_staff;
ALTER TABLE accounts_staffmember ENABLE ALWAYS TRIGGER accounts_staff_is_no_customer;
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
