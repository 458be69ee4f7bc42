-- The only writers of the books. Those that the application role may call are SECURITY DEFINER, since
-- it may not touch the tables; each has a search_path of its own and names every object in full, so
-- that no temporary table of a caller can stand in for ours. The others run inside them.
--
-- Order of locks, the same for all: the business date (shared) -> the reference -> counters by key ->
-- holds by account -> accounts by id. The bank's own lines have the highest ids, so the hottest rows are held shortest.
--
-- Plans are forced generic: the length of an array differs from call to call, and PostgreSQL would
-- plan every statement anew for it, at five times the cost of running it.
--
-- Refusals carry an SQLSTATE of class WK and their figures as JSON in DETAIL.

CREATE SEQUENCE ledger_customer_account_id AS bigint MAXVALUE 999999999999999;
CREATE SEQUENCE ledger_gl_account_id AS bigint START 1000000000000000;

-- The one advisory lock of the business date: postings share it, rolling the day takes it alone.
CREATE FUNCTION ledger_day_lock() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 5213700000000001;

-- What may leave an account: below its minimum nothing, and not less than nothing.
CREATE FUNCTION ledger_available(b ledger_balance) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN b.balance - b.held + b.overdraft
       - least(b.minimum, greatest(b.balance - b.held + b.overdraft, 0));

-- Say exactly why an account did not take a line. Only called when one did not.
CREATE FUNCTION ledger_refuse_line(
    p_account bigint, p_side text, p_amount numeric, p_currency text,
    p_past_freeze boolean DEFAULT false
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    a public.ledger_ledgeraccount%ROWTYPE;
    b public.ledger_balance%ROWTYPE;
    facts jsonb;
BEGIN
    SELECT * INTO a FROM public.ledger_ledgeraccount WHERE id = p_account;
    SELECT * INTO b FROM public.ledger_balance WHERE account_id = p_account ORDER BY shard LIMIT 1;
    facts := jsonb_build_object('account', p_account, 'code', a.code, 'currency', p_currency,
        'required', p_amount, 'available', public.ledger_available(b), 'minimum', b.minimum,
        'maximum', b.maximum, 'balance', b.balance);
    IF (NOT a.is_control AND a.currency = p_currency AND p_side IN ('DEBIT', 'CREDIT')
        AND p_amount > 0 AND p_amount < 'Infinity' AND p_amount = round(p_amount, b.exponent))
       IS NOT TRUE THEN
        RAISE EXCEPTION 'account % takes no % of % %', coalesce(a.code, p_account::text), p_side,
            p_currency, p_amount USING ERRCODE = 'WK103', DETAIL = facts;
    ELSIF a.closed_date IS NOT NULL THEN
        RAISE EXCEPTION 'account % is closed', a.code USING ERRCODE = 'WK006', DETAIL = facts;
    ELSIF NOT p_past_freeze
          AND NOT (CASE p_side WHEN 'DEBIT' THEN b.takes_debits ELSE b.takes_credits END) THEN
        RAISE EXCEPTION 'account % is frozen', a.code USING ERRCODE = 'WK005', DETAIL = facts;
    ELSIF p_side = a.normal_side THEN
        RAISE EXCEPTION 'account % would pass its maximum', a.code
            USING ERRCODE = 'WK004', DETAIL = facts;
    END IF;
    RAISE EXCEPTION 'account % has too little', a.code USING ERRCODE = 'WK003', DETAIL = facts;
END $$;

-- Take amounts from limits, each counted in its own period. p_counts is a JSON array of
-- {owner_ref, kind, period_start, amount, cap}, each key once; cap null counts without a limit.
CREATE FUNCTION ledger_take_counts(p_counts jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    over record;
BEGIN
    WITH asked AS (
        SELECT * FROM jsonb_to_recordset(p_counts)
            AS r(owner_ref text, kind text, period_start date, amount numeric, cap numeric)
    ), taken AS (
        INSERT INTO public.ledger_counter AS k (owner_ref, kind, period_start, used)
        SELECT a.owner_ref, a.kind, a.period_start, a.amount FROM asked a
         ORDER BY a.owner_ref, a.kind, a.period_start
        ON CONFLICT (owner_ref, kind, period_start) DO UPDATE SET used = k.used + excluded.used
        RETURNING k.owner_ref, k.kind, k.period_start, k.used
    )
    SELECT a.*, t.used INTO over FROM asked a JOIN taken t USING (owner_ref, kind, period_start)
     WHERE t.used > a.cap ORDER BY a.owner_ref, a.kind, a.period_start LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the limit % of % is passed', over.kind, over.owner_ref
            USING ERRCODE = 'WK007', DETAIL = jsonb_build_object('kind', over.kind,
                'cap', over.cap, 'left', greatest(over.cap - (over.used - over.amount), 0),
                'amount', over.amount, 'period_start', over.period_start);
    END IF;
END $$;

-- Give back what an entry took from limits, to the periods that it was taken from.
CREATE FUNCTION ledger_give_back_counts(p_counts jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT * FROM jsonb_to_recordset(p_counts) AS r(owner_ref text, kind text,
                 period_start date, amount numeric)
              ORDER BY owner_ref, kind, period_start
    LOOP
        UPDATE public.ledger_counter k SET used = k.used - c.amount
         WHERE k.owner_ref = c.owner_ref AND k.kind = c.kind AND k.period_start = c.period_start;
    END LOOP;
END $$;

-- Refuse lines that are no entry. Only called when they look like none: a net that is not zero, fewer
-- than two lines, or more than one currency, each of which must balance by itself.
CREATE FUNCTION ledger_refuse_unbalanced(
    p_entry bigint, p_sides text[], p_amounts numeric[], p_currencies text[]
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    fault record;
BEGIN
    SELECT l.currency, sum(CASE l.side WHEN 'DEBIT' THEN l.amount ELSE -l.amount END) AS net
      INTO fault FROM unnest(p_sides, p_amounts, p_currencies) AS l(side, amount, currency)
     GROUP BY l.currency
    HAVING sum(CASE l.side WHEN 'DEBIT' THEN l.amount ELSE -l.amount END) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not balance in %: debits less credits are %',
            p_entry, fault.currency, fault.net USING ERRCODE = 'WK101';
    ELSIF cardinality(p_sides) < 2 THEN
        RAISE EXCEPTION 'entry % must arrive whole, at once and with two postings or more', p_entry
            USING ERRCODE = 'WK102';
    END IF;
END $$;

-- Move the balances and write the postings of an entry that this transaction has just inserted, and
-- give back its id. Whoever calls this through ledger_post or ledger_reverse cannot write the tables,
-- so what is written is checked here; the triggers check it again for those who could write by hand.
-- Lines come sorted by account. The bank's own lines have ids from 10^15 and 64 balance rows, of which
-- a connection takes its own, so that neighbours do not wait; a customer's account has row 0.
CREATE FUNCTION ledger_write_lines(
    p_entry bigint, p_business_date date, p_accounts bigint[], p_sides text[], p_amounts numeric[],
    p_currencies text[], p_past_maximum boolean, p_past_minimum boolean
) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    amount numeric;
    net numeric := 0;
    shard_now smallint;
    sequence_now bigint;
    balance_now numeric;
    shards smallint[];
    sequences bigint[];
    balances numeric[];
BEGIN
    FOR i IN 1..cardinality(p_accounts) LOOP
        amount := p_amounts[i];
        UPDATE public.ledger_balance b
           SET balance = b.balance + CASE WHEN b.normal_side = p_sides[i] THEN amount ELSE -amount END,
               sequence = b.sequence + 1
         WHERE b.account_id = p_accounts[i] AND b.currency = p_currencies[i]
           AND b.shard = CASE WHEN p_accounts[i] < 1000000000000000 THEN 0
                              ELSE pg_backend_pid() % 64 END
           AND amount > 0 AND amount < 'Infinity' AND amount = round(amount, b.exponent)
           AND CASE p_sides[i] WHEN 'DEBIT' THEN b.takes_debits WHEN 'CREDIT' THEN b.takes_credits END
           AND CASE WHEN b.normal_side = p_sides[i]
                    THEN b.maximum IS NULL OR p_past_maximum OR b.balance + amount <= b.maximum
                    ELSE b.floor IS NULL
                         OR b.balance - amount >= b.floor + CASE WHEN p_past_minimum THEN 0
                                                                 ELSE b.minimum END END
        RETURNING b.shard, b.sequence, b.balance,
                  net + CASE p_sides[i] WHEN 'DEBIT' THEN amount ELSE -amount END
             INTO shard_now, sequence_now, balance_now, net;
        IF NOT FOUND THEN
            PERFORM public.ledger_refuse_line(p_accounts[i], p_sides[i], amount, p_currencies[i]);
        END IF;
        shards[i] := shard_now;
        sequences[i] := sequence_now;
        balances[i] := balance_now;
    END LOOP;
    IF net <> 0 OR cardinality(p_accounts) < 2 OR p_currencies[1] <> ANY (p_currencies) THEN
        PERFORM public.ledger_refuse_unbalanced(p_entry, p_sides, p_amounts, p_currencies);
    END IF;
    INSERT INTO public.ledger_posting (account_id, shard, sequence, entry_id, line, side, amount,
                currency, balance_after, business_date)
    SELECT p_accounts[k], shards[k], sequences[k], p_entry, k, p_sides[k], p_amounts[k],
           p_currencies[k], balances[k], p_business_date
      FROM generate_series(1, cardinality(p_accounts)) AS k;
    RETURN p_entry;
END $$;

-- Write the audit and outbox rows of a deed, whose subject is the entry unless another is named.
CREATE FUNCTION ledger_tell(p_entry bigint, p_actor text, p_audit jsonb, p_outbox jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_audit IS NOT NULL THEN
        INSERT INTO public.ledger_auditentry (recorded_at, actor, deed, subject, detail)
        SELECT clock_timestamp(), p_actor, r.deed, coalesce(r.subject, 'ledger.entry:' || p_entry),
               coalesce(r.detail, '{}')
          FROM jsonb_to_recordset(p_audit) AS r(deed text, subject text, detail jsonb);
    END IF;
    IF p_outbox IS NOT NULL THEN
        INSERT INTO public.ledger_outboxmessage (event, payload, state, attempts, error)
        SELECT r.event, coalesce(r.payload, '{}') || jsonb_build_object('entry', p_entry),
               'PENDING', 0, ''
          FROM jsonb_to_recordset(p_outbox) AS r(event text, payload jsonb);
    END IF;
END $$;

-- Write one balanced entry, with the audit and outbox rows of its deed, or give back the entry that
-- this owner already wrote under this reference from the same facts.
CREATE FUNCTION ledger_post(
    p_owner text, p_reference text, p_kind text, p_value_date date, p_at timestamptz, p_actor text,
    p_memo text, p_source text, p_branch text, p_receipt_no text,
    p_accounts bigint[], p_sides text[], p_amounts numeric[], p_currencies text[],
    p_counts jsonb, p_audit jsonb, p_outbox jsonb, p_hold bigint, p_keeps_rest boolean,
    p_past_minimum boolean,
    OUT entry_id bigint, OUT business_date date, OUT is_replay boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    -- The lock first, by itself, so that the next statement reads the date as it is under it.
    -- PostgreSQL prepares every expression here anew in each transaction, so there are few.
    is_replay := pg_advisory_xact_lock_shared(5213700000000001) IS NULL;
    INSERT INTO public.ledger_entry AS e (owner, reference, kind, receipt_no, business_date,
                value_date, at, recorded_at, actor, memo, source, branch, counts, legs, hold_id)
    SELECT p_owner, p_reference, p_kind, p_receipt_no, d.business_date,
           coalesce(p_value_date, d.business_date), p_at, clock_timestamp(), p_actor, p_memo,
           p_source, p_branch, p_counts, cardinality(p_accounts), p_hold
      FROM public.ledger_businessday d
     WHERE (p_value_date IS NULL OR p_value_date BETWEEN d.open_from AND d.business_date)
       -- An older snapshot would show a business date that has closed since.
       AND current_setting('transaction_isolation') = 'read committed'
    ON CONFLICT (owner, reference) DO NOTHING
    RETURNING e.id, e.business_date, false INTO entry_id, business_date, is_replay;
    IF NOT FOUND THEN
        SELECT * FROM public.ledger_known_entry(p_owner, p_reference, NULL, p_kind, p_value_date,
                p_memo, p_hold, p_accounts, p_sides, p_amounts, p_currencies)
          INTO entry_id, business_date;
        is_replay := true;
        RETURN;
    END IF;
    IF num_nonnulls(p_counts, p_audit, p_outbox, p_hold) > 0 THEN
        IF p_counts IS NOT NULL THEN
            PERFORM public.ledger_take_counts(p_counts);
        END IF;
        PERFORM public.ledger_tell(entry_id, p_actor, p_audit, p_outbox);
        IF p_hold IS NOT NULL THEN
            PERFORM public.ledger_hold_take(p_hold, p_keeps_rest, business_date, p_at, p_actor,
                p_accounts, p_sides, p_amounts);
        END IF;
    END IF;
    entry_id := public.ledger_write_lines(entry_id, business_date, p_accounts, p_sides, p_amounts,
        p_currencies, false, p_past_minimum);
END $$;

-- The entry that stands under a reference, if its facts are the same; or why there is none. What it
-- takes from limits is no fact of the asker's: after midnight, or under a new cap, the same ask still
-- gets its entry.
CREATE FUNCTION ledger_known_entry(
    p_owner text, p_reference text, p_reverses bigint, p_kind text, p_value_date date, p_memo text,
    p_hold bigint, p_accounts bigint[], p_sides text[], p_amounts numeric[], p_currencies text[],
    OUT entry_id bigint, OUT business_date date
)
LANGUAGE plpgsql AS $$
DECLARE
    known record;
    day record;
    legs record;
BEGIN
    SELECT e.* INTO known FROM public.ledger_entry e
     WHERE e.owner = p_owner AND e.reference = p_reference;
    IF known.id IS NULL AND current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'entries are written under READ COMMITTED' USING ERRCODE = 'WK103';
    ELSIF known.id IS NULL THEN
        SELECT d.business_date, d.open_from INTO day FROM public.ledger_businessday d;
        RAISE EXCEPTION 'value date % is not open', p_value_date USING ERRCODE = 'WK008',
            DETAIL = jsonb_build_object('value_date', p_value_date, 'open_from', day.open_from,
                'business_date', day.business_date);
    END IF;
    SELECT array_agg(p.account_id ORDER BY p.line) AS accounts,
           array_agg(p.side::text ORDER BY p.line) AS sides,
           array_agg(p.amount ORDER BY p.line) AS amounts,
           array_agg(p.currency::text ORDER BY p.line) AS currencies
      INTO legs FROM public.ledger_posting p WHERE p.entry_id = known.id;
    IF known.reverses_id IS DISTINCT FROM p_reverses
       OR (known.kind, known.memo, known.hold_id) IS DISTINCT FROM (p_kind, p_memo, p_hold)
       OR known.value_date <> coalesce(p_value_date, known.business_date)
       OR p_reverses IS NULL AND (
           legs.accounts IS DISTINCT FROM p_accounts OR legs.sides IS DISTINCT FROM p_sides
           OR legs.amounts IS DISTINCT FROM p_amounts
           OR legs.currencies IS DISTINCT FROM p_currencies) THEN
        RAISE EXCEPTION 'reference % was used for something else', p_reference
            USING ERRCODE = 'WK002', DETAIL = jsonb_build_object('reference', p_reference);
    END IF;
    entry_id := known.id;
    business_date := known.business_date;
END $$;

-- Write the mirror of an entry, once. What the entry took from limits goes back to the period it was
-- taken from. A customer's account must still hold what the mirror takes away.
CREATE FUNCTION ledger_reverse(
    p_entry bigint, p_owner text, p_reference text, p_at timestamptz, p_actor text, p_memo text,
    p_receipt_no text, p_audit jsonb, p_outbox jsonb,
    OUT entry_id bigint, OUT business_date date, OUT is_replay boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    day record;
    original record;
    legs record;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(public.ledger_day_lock());
    SELECT d.business_date INTO day FROM public.ledger_businessday d;
    SELECT e.* INTO original FROM public.ledger_entry e WHERE e.id = p_entry;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'entries are written under READ COMMITTED' USING ERRCODE = 'WK103';
    ELSIF original.id IS NULL THEN
        RAISE EXCEPTION 'there is no entry %', p_entry USING ERRCODE = 'WK010', DETAIL = '{}';
    ELSIF original.reverses_id IS NOT NULL THEN
        RAISE EXCEPTION 'entry % is itself a reversal', p_entry USING ERRCODE = 'WK009',
            DETAIL = jsonb_build_object('entry', p_entry);
    END IF;

    business_date := day.business_date;
    is_replay := false;
    BEGIN
        INSERT INTO public.ledger_entry (owner, reference, kind, receipt_no, business_date,
                    value_date, at, recorded_at, actor, memo, source, branch, legs,
                    reverses_id)
             VALUES (p_owner, p_reference, 'REVERSAL', p_receipt_no, day.business_date,
                    day.business_date, p_at, clock_timestamp(), p_actor, p_memo, original.source,
                    original.branch, original.legs, p_entry)
          RETURNING id INTO entry_id;
    EXCEPTION WHEN unique_violation THEN
        IF EXISTS (SELECT FROM public.ledger_entry e
                    WHERE e.owner = p_owner AND e.reference = p_reference) THEN
            SELECT * FROM public.ledger_known_entry(p_owner, p_reference, p_entry, 'REVERSAL', NULL,
                    p_memo, NULL, NULL, NULL, NULL, NULL)
              INTO entry_id, business_date;
            is_replay := true;
            RETURN;
        END IF;
        RAISE EXCEPTION 'entry % was reversed already', p_entry USING ERRCODE = 'WK009',
            DETAIL = jsonb_build_object('entry', p_entry);
    END;

    IF original.counts IS NOT NULL THEN
        PERFORM public.ledger_give_back_counts(original.counts);
    END IF;
    SELECT array_agg(p.account_id ORDER BY p.account_id, p.line) AS accounts,
           array_agg(CASE p.side WHEN 'DEBIT' THEN 'CREDIT' ELSE 'DEBIT' END
                     ORDER BY p.account_id, p.line) AS sides,
           array_agg(p.amount ORDER BY p.account_id, p.line) AS amounts,
           array_agg(p.currency::text ORDER BY p.account_id, p.line) AS currencies
      INTO legs FROM public.ledger_posting p WHERE p.entry_id = p_entry;
    PERFORM public.ledger_write_lines(ledger_reverse.entry_id, day.business_date, legs.accounts,
        legs.sides, legs.amounts, legs.currencies, true, true);
    PERFORM public.ledger_tell(ledger_reverse.entry_id, p_actor, p_audit, p_outbox);
END $$;
