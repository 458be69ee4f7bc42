-- What the close of a business date writes: balances of the day, seals, interest, and the next date.

-- Tables that grow with every day stand in monthly parts, so that old months can be kept elsewhere
-- and new ones stay small. A month's part is made when its first row is written.
CREATE TABLE ledger_dailybalance (
    account_id bigint NOT NULL,
    shard smallint NOT NULL,
    business_date date NOT NULL,
    balance numeric(20, 4) NOT NULL,
    least numeric(20, 4) NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (account_id, shard, business_date)
) PARTITION BY RANGE (business_date);

-- Make the part of a day's month, unless it is there. Whoever may read the table may read the part;
-- nobody but the owner may write it.
CREATE FUNCTION ledger_month_of(p_table regclass, p_day date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    month date := date_trunc('month', p_day)::date;
    part text := p_table::text || to_char(p_day, '_YYYYMM');
    reader text;
BEGIN
    IF to_regclass('public.' || part) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(5213700000000002);
    -- Asked of the catalogue anew: what is known of names by heart is older than the lock.
    IF EXISTS (SELECT FROM pg_class c WHERE c.relname = part
                  AND c.relnamespace = 'public'::regnamespace) THEN
        RETURN;
    END IF;
    -- Made alone and then attached: who reads or copies the whole table meanwhile stops nobody.
    EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
        part, p_table::text);
    EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        p_table::text, part, month, (month + interval '1 month')::date);
    FOR reader IN SELECT DISTINCT grantee::text FROM information_schema.role_table_grants
                   WHERE table_schema = 'public' AND table_name = part AND grantee <> current_user
    LOOP
        EXECUTE format('REVOKE ALL ON public.%I FROM %I', part, reader);
        EXECUTE format('GRANT SELECT ON public.%I TO %I', part, reader);
    END LOOP;
END $$;

-- Write how the balance rows stood at the end of the open date that the entries of a range of ids
-- moved. Run again, or in another order, it writes the same: of two rows the later sequence holds.
CREATE FUNCTION ledger_write_daily_balances(p_day date, p_first bigint, p_last bigint)
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    written integer;
BEGIN
    PERFORM public.ledger_month_of('public.ledger_dailybalance', p_day);
    INSERT INTO public.ledger_dailybalance AS d (account_id, shard, business_date, balance, least,
                sequence)
    SELECT x.account_id, x.shard, p_day, (array_agg(x.balance_after ORDER BY x.sequence DESC))[1],
           least(min(x.balance_after),
                 (array_agg(x.balance_before ORDER BY x.sequence))[1]), max(x.sequence)
      FROM (SELECT p.account_id, p.shard, p.sequence, p.balance_after,
                   p.balance_after - CASE WHEN p.side = a.normal_side THEN p.amount
                                          ELSE -p.amount END AS balance_before
              FROM public.ledger_posting p JOIN public.ledger_ledgeraccount a ON a.id = p.account_id
             WHERE p.entry_id BETWEEN p_first AND p_last AND p.business_date = p_day) x
     GROUP BY x.account_id, x.shard
    ON CONFLICT (account_id, shard, business_date) DO UPDATE
       SET balance = CASE WHEN excluded.sequence > d.sequence THEN excluded.balance
                          ELSE d.balance END,
           least = least(d.least, excluded.least),
           sequence = greatest(d.sequence, excluded.sequence);
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END $$;

-- An entry with its postings as one text that says everything of it, the same on every machine.
CREATE FUNCTION ledger_entry_text(e ledger_entry) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN jsonb_build_array(e.id, e.owner, e.reference, e.kind, e.receipt_no, e.business_date,
    e.value_date, extract(epoch FROM e.at), extract(epoch FROM e.recorded_at), e.actor, e.memo,
    e.source, e.branch, e.counts, e.legs, e.hold_id, e.reverses_id,
    (SELECT jsonb_agg(jsonb_build_array(p.account_id, p.shard, p.sequence, p.line, p.side, p.amount,
                p.currency, p.balance_after, p.business_date) ORDER BY p.line, p.account_id, p.sequence)
       FROM public.ledger_posting p WHERE p.entry_id = e.id))::text;

-- Put the entries that are committed and under no seal yet under one, 20,000 at most, and give its id;
-- nothing when there are none. An entry in flight belongs to a later seal. The last seal of a business
-- date is written when nobody posts (p_day): then none of the date's entries is left.
CREATE FUNCTION ledger_write_seal(p_day date) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    before public.ledger_seal%ROWTYPE;
    base record;
    new_id bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(5213700000000003);
    SELECT * INTO before FROM public.ledger_seal ORDER BY id DESC LIMIT 1;
    -- Up to this seal's last entry all is sealed: whoever was writing then had ended before the newest
    -- seal was made, which took what they left, unless it took as many as it may.
    SELECT s.id, s.top INTO base
      FROM public.ledger_seal s
     WHERE s.business_date IS NOT NULL OR (p_day IS NULL AND s.in_flight <= before.oldest
           AND before.entries < 20000)
     ORDER BY s.id DESC LIMIT 1;
    WITH covered AS MATERIALIZED (
        SELECT r.first, r.last FROM public.ledger_seal s, unnest(s.firsts, s.lasts) AS r(first, last)
         WHERE s.id > coalesce(base.id, 0)
    ), new AS MATERIALIZED (
        SELECT e.id, sha256(convert_to(public.ledger_entry_text(e), 'UTF8')) AS leaf
          FROM public.ledger_entry e
         WHERE e.id > coalesce(base.top, 0)
           AND NOT EXISTS (SELECT FROM covered c WHERE e.id BETWEEN c.first AND c.last)
         ORDER BY e.id LIMIT 20000
    ), ranges AS (
        SELECT min(id) AS first, max(id) AS last
          FROM (SELECT id, id - row_number() OVER (ORDER BY id) AS island FROM new) i
         GROUP BY island
    ), covers AS (
        SELECT coalesce(array_agg(first ORDER BY first), '{}') AS firsts,
               coalesce(array_agg(last ORDER BY first), '{}') AS lasts FROM ranges
    ), facts AS (
        SELECT count(*) AS entries, coalesce(string_agg(leaf, '' ORDER BY id), '') AS whole,
               coalesce(string_agg(substring(leaf FOR 8), '' ORDER BY id), '') AS leaves FROM new
    )
    INSERT INTO public.ledger_seal (firsts, lasts, top, entries, leaves, previous, hash,
                business_date, in_flight, oldest, sealed_at)
    SELECT c.firsts, c.lasts,
           greatest(coalesce(before.top, 0), coalesce(c.lasts[cardinality(c.lasts)], 0)), f.entries,
           f.leaves, coalesce(before.hash, repeat('0', 64)),
           public.ledger_seal_hash(coalesce(before.hash, repeat('0', 64)), p_day, c.firsts, c.lasts,
               f.whole),
           p_day, pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
           pg_snapshot_xmin(pg_current_snapshot())::text::bigint, clock_timestamp()
      FROM covers c, facts f WHERE f.entries > 0 OR p_day IS NOT NULL
    RETURNING id INTO new_id;
    RETURN new_id;
END $$;

-- The hash of a seal: of the one before it, its date, what it covers, and its entries' own hashes.
CREATE FUNCTION ledger_seal_hash(
    p_previous text, p_day date, p_firsts bigint[], p_lasts bigint[], p_whole bytea
) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN encode(sha256(convert_to(jsonb_build_array(p_previous, p_day, p_firsts, p_lasts)::text, 'UTF8')
                     || p_whole), 'hex');

-- Seal what there is; the application may call it at any time.
CREATE FUNCTION ledger_seal_entries() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$ SELECT public.ledger_write_seal(NULL) $$;

-- Where the entries begin that were asked for after a business date had ended by the clock: the first
-- of them with an id above p_after, or the first that is yet to come. Nobody posts while it is asked.
CREATE FUNCTION ledger_cut_off(p_day date, p_moment timestamptz, p_after bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(public.ledger_day_lock());
    IF NOT EXISTS (SELECT FROM public.ledger_businessday WHERE business_date = p_day) THEN
        RAISE EXCEPTION 'the business date is no longer %', p_day USING ERRCODE = 'WK012',
            DETAIL = (SELECT jsonb_build_object('business_date', business_date)
                        FROM public.ledger_businessday);
    END IF;
    RETURN coalesce((SELECT min(id) FROM public.ledger_entry WHERE id > p_after AND at >= p_moment),
                    (SELECT max(id) + 1 FROM public.ledger_entry), 1);
END $$;

-- Open the next business date. Postings in flight finish under the old one first; then, while nobody
-- posts, what came after p_written is written to the day's balances and the date's last seal closes
-- it. The date moves one day at a time, and only from the date that the caller saw.
CREATE FUNCTION ledger_roll_business_date(p_from date, p_written bigint DEFAULT NULL)
RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    opened date;
    newest bigint;
    start bigint;
    sealed bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(public.ledger_day_lock());
    SELECT d.opened_after INTO start FROM public.ledger_businessday d WHERE d.business_date = p_from;
    IF start IS NULL THEN
        RAISE EXCEPTION 'the business date is no longer %', p_from
            USING ERRCODE = 'WK012', DETAIL = jsonb_build_object('business_date', p_from);
    END IF;
    SELECT coalesce(max(id), 0) INTO newest FROM public.ledger_entry;
    PERFORM public.ledger_write_daily_balances(p_from, greatest(coalesce(p_written, 0), start) + 1,
        newest);
    LOOP
        sealed := public.ledger_write_seal(NULL);
        EXIT WHEN sealed IS NULL
            OR (SELECT s.entries < 20000 FROM public.ledger_seal s WHERE s.id = sealed);
    END LOOP;
    PERFORM public.ledger_write_seal(p_from);
    UPDATE public.ledger_businessday
       SET business_date = business_date + 1, opened_after = newest, updated_at = clock_timestamp()
     WHERE business_date = p_from RETURNING business_date INTO opened;
    RETURN opened;
END $$;

-- Pay interest into accounts: an entry of its own for each, which debits what the bank owes, and
-- credits the account with the net and the tax office with the tax. No maximum and no freeze keeps
-- interest out; a closed account does. Accounts come sorted, each once; what was paid before under
-- the same reference is not paid again. It gives (account, entry) of those that it paid.
CREATE FUNCTION ledger_capitalise(
    p_owner text, p_reference text, p_kind text, p_at timestamptz, p_actor text, p_memo text,
    p_owed bigint, p_tax_line bigint, p_currency text, p_accounts bigint[], p_gross numeric[],
    p_tax numeric[]
) RETURNS TABLE (account_id bigint, entry_id bigint)
LANGUAGE plpgsql AS $$
DECLARE
    today date;
    shard_now smallint := pg_backend_pid() % 64;
    paid record;
    owed record;
    taxes record;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(public.ledger_day_lock());
    SELECT d.business_date INTO today FROM public.ledger_businessday d;
    -- All rows are locked in the order of their ids, the bank's own lines last.
    PERFORM FROM public.ledger_balance b
      WHERE b.account_id = ANY (p_accounts) AND b.shard = 0
      ORDER BY b.account_id FOR NO KEY UPDATE;
    WITH asked AS (
        SELECT u.account, u.gross, u.tax FROM unnest(p_accounts, p_gross, p_tax)
            AS u(account, gross, tax)
         WHERE NOT EXISTS (SELECT FROM public.ledger_entry e WHERE e.owner = p_owner
                              AND e.reference = p_reference || '#' || u.account)
    )
    SELECT array_agg(a.account ORDER BY a.account) AS accounts,
           array_agg(a.gross ORDER BY a.account) AS gross,
           array_agg(a.tax ORDER BY a.account) AS tax, sum(a.gross) AS all_gross,
           sum(a.tax) AS all_tax, count(*) AS entries, count(*) FILTER (WHERE a.tax > 0) AS taxed,
           bool_and(a.gross > a.tax AND a.tax >= 0 AND a.gross < 'Infinity'
                    AND a.gross = round(a.gross, c.exponent)
                    AND a.tax = round(a.tax, c.exponent)) AS is_sound
      INTO paid FROM asked a, public.ledger_currency c WHERE c.code = p_currency;
    IF paid.entries = 0 THEN
        RETURN;
    ELSIF paid.is_sound IS NOT TRUE THEN
        RAISE EXCEPTION 'interest of % is no interest', p_reference USING ERRCODE = 'WK103';
    ELSIF EXISTS (SELECT FROM public.ledger_ledgeraccount a
                   WHERE a.id = ANY (paid.accounts) AND (NOT a.is_guarded
                         OR a.closed_date IS NOT NULL OR a.currency <> p_currency)) THEN
        RAISE EXCEPTION 'interest of % would be paid into a closed account', p_reference
            USING ERRCODE = 'WK006', DETAIL = '{}';
    END IF;
    UPDATE public.ledger_balance b SET balance = b.balance - paid.all_gross,
           sequence = b.sequence + paid.entries
     WHERE b.account_id = p_owed AND b.shard = shard_now AND b.currency = p_currency
    RETURNING b.balance + paid.all_gross AS balance, b.sequence - paid.entries AS sequence INTO owed;
    UPDATE public.ledger_balance b SET balance = b.balance + paid.all_tax,
           sequence = b.sequence + paid.taxed
     WHERE b.account_id = p_tax_line AND b.shard = shard_now AND b.currency = p_currency
    RETURNING b.balance - paid.all_tax AS balance, b.sequence - paid.taxed AS sequence INTO taxes;
    IF owed.sequence IS NULL OR taxes.sequence IS NULL OR p_owed >= p_tax_line THEN
        RAISE EXCEPTION 'interest of % has no lines', p_reference USING ERRCODE = 'WK103';
    END IF;
    RETURN QUERY
    WITH moved AS (
        UPDATE public.ledger_balance b SET balance = b.balance + u.gross - u.tax,
               sequence = b.sequence + 1
          FROM unnest(paid.accounts, paid.gross, paid.tax) AS u(account, gross, tax)
         WHERE b.account_id = u.account AND b.shard = 0
        RETURNING b.account_id AS account, u.gross, u.tax, b.balance, b.sequence
    ), line AS MATERIALIZED (
        SELECT nextval('public.ledger_entry_id_seq') AS id, m.*,
               row_number() OVER w AS place, sum(m.gross) OVER w AS gross_so_far,
               count(*) FILTER (WHERE m.tax > 0) OVER w AS taxed_so_far,
               sum(m.tax) OVER w AS tax_so_far
          FROM moved m WINDOW w AS (ORDER BY m.account)
    ), entry AS (
        INSERT INTO public.ledger_entry (id, owner, reference, kind, receipt_no, business_date,
                    value_date, at, recorded_at, actor, memo, source, branch, legs)
        SELECT l.id, p_owner, p_reference || '#' || l.account, p_kind, '', today, today, p_at,
               clock_timestamp(), p_actor, p_memo, '', a.branch,
               CASE WHEN l.tax > 0 THEN 3 ELSE 2 END
          FROM line l JOIN public.ledger_ledgeraccount a ON a.id = l.account
    ), posting AS (
        INSERT INTO public.ledger_posting (account_id, shard, sequence, entry_id, line, side,
                    amount, currency, balance_after, business_date)
        SELECT l.account, 0, l.sequence, l.id, 1, 'CREDIT', l.gross - l.tax, p_currency, l.balance,
               today FROM line l
         UNION ALL
        SELECT p_owed, shard_now, owed.sequence + l.place, l.id, 2, 'DEBIT', l.gross, p_currency,
               owed.balance - l.gross_so_far, today FROM line l
         UNION ALL
        SELECT p_tax_line, shard_now, taxes.sequence + l.taxed_so_far, l.id, 3, 'CREDIT', l.tax,
               p_currency, taxes.balance + l.tax_so_far, today FROM line l WHERE l.tax > 0
    )
    SELECT l.account, l.id FROM line l;
END $$;

-- What stays, whoever writes: seals as they are, holds and batches for ever.
CREATE TRIGGER ledger_seal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_hold_stays BEFORE DELETE OR TRUNCATE ON ledger_hold
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_batch_stays BEFORE DELETE OR TRUNCATE ON ledger_batch
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
ALTER TABLE ledger_seal ENABLE ALWAYS TRIGGER ledger_seal_is_append_only;
ALTER TABLE ledger_hold ENABLE ALWAYS TRIGGER ledger_hold_stays;
ALTER TABLE ledger_batch ENABLE ALWAYS TRIGGER ledger_batch_stays;
