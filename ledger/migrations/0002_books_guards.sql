-- The last word on the books. Whoever writes, by whatever road: entries balance in every currency,
-- arrive whole and at once, and never change again. All triggers are ENABLE ALWAYS, so that not even
-- session_replication_role = replica switches them off.
--
-- The application's login cannot write the books. It can only run the posting functions, which check
-- what they write. Whoever could write by hand, the owner too, meets the triggers: they look at whole
-- entries. It is the login that counts, not a role that it has put on; docs/decisions/0010.

-- Below its floor no balance can go. The floor of a customer's account is what is held on it less the
-- overdraft arranged; the bank's own lines have none. One short CHECK, because PostgreSQL reads each
-- anew for every statement; amounts are checked by the trigger below.
ALTER TABLE ledger_balance
    ADD CONSTRAINT ledger_balance_is_within_its_funds CHECK (balance >= floor);
ALTER TABLE ledger_counter
    ADD CONSTRAINT ledger_counter_is_finite_and_not_negative CHECK (used >= 0 AND used < 'Infinity');

-- These rows are rewritten in place by every posting: leave room on the page for it.
ALTER TABLE ledger_balance SET (fillfactor = 50);
ALTER TABLE ledger_counter SET (fillfactor = 70);

CREATE FUNCTION ledger_is_append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the books are append-only: % on % is refused; post a reversal instead',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'WK100';
END $$;

-- Look at the whole entry of a posting that a hand has written. Postings carry their place in the
-- entry, of which the entry knows how many there are: a late leg has no place left.
CREATE FUNCTION ledger_postings_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fault record;
    seen record;
BEGIN
    SELECT p.currency, sum(CASE p.side WHEN 'DEBIT' THEN p.amount ELSE -p.amount END) AS net
      INTO fault FROM public.ledger_posting p WHERE p.entry_id = NEW.entry_id GROUP BY p.currency
    HAVING sum(CASE p.side WHEN 'DEBIT' THEN p.amount ELSE -p.amount END) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not balance in %: debits less credits are %',
            NEW.entry_id, fault.currency, fault.net USING ERRCODE = 'WK101';
    END IF;
    SELECT count(*) AS legs, min(e.legs) AS expected,
           bool_and(p.line BETWEEN 1 AND e.legs AND p.business_date = e.business_date
                AND p.currency = b.currency AND p.amount = round(p.amount, b.exponent)
                -- NaN is greater than infinity here, so "below infinity" refuses both.
                AND p.amount > 0 AND p.amount < 'Infinity' AND p.balance_after < 'Infinity'
                AND p.side IN ('DEBIT', 'CREDIT')) IS TRUE
           AND count(*) = count(e.legs + b.exponent) AS is_sound
      INTO seen
      FROM public.ledger_posting p
      LEFT JOIN public.ledger_entry e ON e.id = p.entry_id
      LEFT JOIN public.ledger_balance b ON b.account_id = p.account_id AND b.shard = p.shard
     WHERE p.entry_id = NEW.entry_id;
    IF seen.legs < 2 OR seen.legs IS DISTINCT FROM seen.expected THEN
        RAISE EXCEPTION 'entry % must arrive whole, at once and with two postings or more',
            NEW.entry_id USING ERRCODE = 'WK102';
    ELSIF NOT seen.is_sound THEN
        RAISE EXCEPTION 'entry % has a posting of another currency, date, side, coin or place',
            NEW.entry_id USING ERRCODE = 'WK103';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_postings_are_whole AFTER INSERT ON ledger_posting
    FOR EACH ROW
    WHEN (has_table_privilege(session_user, 'public.ledger_posting'::regclass, 'INSERT'))
    EXECUTE FUNCTION ledger_postings_are_whole();

CREATE FUNCTION ledger_entry_has_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.ledger_posting WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'entry % has no postings', NEW.id USING ERRCODE = 'WK102';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_entry_has_postings AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (has_table_privilege(session_user, 'public.ledger_posting'::regclass, 'INSERT'))
    EXECUTE FUNCTION ledger_entry_has_postings();

CREATE TRIGGER ledger_posting_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_account_stays BEFORE DELETE OR TRUNCATE ON ledger_ledgeraccount
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_balance_stays BEFORE DELETE OR TRUNCATE ON ledger_balance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_counter_stays BEFORE DELETE OR TRUNCATE ON ledger_counter
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

ALTER TABLE ledger_posting
    ENABLE ALWAYS TRIGGER ledger_postings_are_whole,
    ENABLE ALWAYS TRIGGER ledger_posting_is_append_only;
ALTER TABLE ledger_entry
    ENABLE ALWAYS TRIGGER ledger_entry_has_postings,
    ENABLE ALWAYS TRIGGER ledger_entry_is_append_only;
ALTER TABLE ledger_auditentry ENABLE ALWAYS TRIGGER ledger_audit_is_append_only;
ALTER TABLE ledger_ledgeraccount ENABLE ALWAYS TRIGGER ledger_account_stays;
ALTER TABLE ledger_balance ENABLE ALWAYS TRIGGER ledger_balance_stays;
ALTER TABLE ledger_counter ENABLE ALWAYS TRIGGER ledger_counter_stays;
