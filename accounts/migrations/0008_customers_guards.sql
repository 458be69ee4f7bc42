-- A proved phone belongs to one customer (kenya.md 7.2), be it the login's own or one beside it. The
-- unique indexes of each table see only their own rows; this sees both, and refuses as they do.
CREATE FUNCTION accounts_one_phone_one_customer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner bigint;
    is_taken boolean;
BEGIN
    -- Of two who prove the same number side by side, one waits here for the other.
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.phone_index, 0));
    IF TG_TABLE_NAME = 'accounts_user' THEN
        SELECT EXISTS (
            SELECT FROM accounts_furtherphone f JOIN accounts_customer c ON c.id = f.customer_id
             WHERE f.phone_index = NEW.phone_index AND f.confirmed_at IS NOT NULL
               AND c.user_id <> NEW.id
        ) INTO is_taken;
    ELSE
        SELECT c.user_id INTO owner FROM accounts_customer c WHERE c.id = NEW.customer_id;
        SELECT EXISTS (
            SELECT FROM accounts_user u
             WHERE u.phone_index = NEW.phone_index AND u.is_phone_verified AND u.id <> owner
        ) INTO is_taken;
    END IF;
    IF is_taken THEN
        RAISE unique_violation USING MESSAGE = 'this phone belongs to another customer';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER accounts_main_phone_is_of_one_customer
    BEFORE INSERT OR UPDATE OF phone_index, is_phone_verified ON accounts_user
    FOR EACH ROW WHEN (NEW.is_phone_verified) EXECUTE FUNCTION accounts_one_phone_one_customer();
CREATE TRIGGER accounts_further_phone_is_of_one_customer
    BEFORE INSERT OR UPDATE OF phone_index, confirmed_at ON accounts_furtherphone
    FOR EACH ROW WHEN (NEW.confirmed_at IS NOT NULL)
    EXECUTE FUNCTION accounts_one_phone_one_customer();
