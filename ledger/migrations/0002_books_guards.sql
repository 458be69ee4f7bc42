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

-- One look at all postings of a statement. They carry their place in the entry, of which the entry
-- knows how many there are: a late leg has no place left.
CREATE FUNCTION ledger_postings_are_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seen record;
    fault record;
BEGIN
    SELECT count(*) AS legs, min(n.entry_id) AS entry_id, min(e.legs) AS expected,
           min(n.entry_id) = max(n.entry_id) AND min(n.currency) = max(n.currency) AS is_one,
           sum(CASE n.side WHEN 'DEBIT' THEN n.amount ELSE -n.amount END) AS net,
           bool_and(n.line BETWEEN 1 AND e.legs AND n.business_date = e.business_date
                AND n.currency = b.currency AND n.amount = round(n.amount, b.exponent)
                -- NaN is greater than infinity here, so "below infinity" refuses both.
                AND n.amount > 0 AND n.amount < 'Infinity' AND n.balance_after < 'Infinity'
                AND n.side IN ('DEBIT', 'CREDIT')) IS TRUE
           AND count(*) = count(e.legs + b.exponent) AS is_sound
      INTO seen
      FROM new_postings n
      LEFT JOIN public.ledger_entry e ON e.id = n.entry_id
      LEFT JOIN public.ledger_balance b ON b.account_id = n.account_id AND b.shard = n.shard;
    IF seen.is_one AND seen.is_sound AND seen.net = 0 AND seen.legs = seen.expected THEN
        RETURN NULL;  -- One entry in one currency: nearly all of them.
    END IF;

    SELECT n.entry_id, n.currency,
           sum(CASE n.side WHEN 'DEBIT' THEN n.amount ELSE -n.amount END) AS net INTO fault
      FROM new_postings n GROUP BY n.entry_id, n.currency
    HAVING sum(CASE n.side WHEN 'DEBIT' THEN n.amount ELSE -n.amount END) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not balance in %: debits less credits are %',
            fault.entry_id, fault.currency, fault.net USING ERRCODE = 'WK101';
    END IF;
    SELECT n.entry_id, count(*) AS legs INTO fault
      FROM new_postings n LEFT JOIN public.ledger_entry e ON e.id = n.entry_id
     GROUP BY n.entry_id HAVING count(*) <> coalesce(min(e.legs), 0) OR count(*) < 2 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % must arrive whole, at once and with two postings or more',
            fault.entry_id USING ERRCODE = 'WK102';
    ELSIF seen.legs > 0 AND NOT seen.is_sound THEN
        RAISE EXCEPTION 'entry % has a posting of another currency, date, side, coin or place',
            seen.entry_id USING ERRCODE = 'WK103';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_postings_are_whole AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS new_postings
    FOR EACH STATEMENT
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
