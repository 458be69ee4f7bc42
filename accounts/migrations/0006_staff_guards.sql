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
