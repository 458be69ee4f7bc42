-- Holds: what an account has and may not spend. They change only here, under the account's lock.

-- Take from a hold what an entry's lines take from its account, before they are written; the rest is
-- given back unless it is kept. Accounts up to the hold's are locked in the order of their ids first,
-- because the hold's own row changes before its neighbours' with lower ids.
CREATE FUNCTION ledger_hold_take(
    p_hold bigint, p_keeps_rest boolean, p_business_date date, p_at timestamptz, p_actor text,
    p_accounts bigint[], p_sides text[], p_amounts numeric[]
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    h public.ledger_hold%ROWTYPE;
    taken numeric;
    remains numeric;
BEGIN
    SELECT * INTO h FROM public.ledger_hold WHERE id = p_hold FOR NO KEY UPDATE;
    IF h.id IS NULL THEN
        RAISE EXCEPTION 'there is no hold %', p_hold USING ERRCODE = 'WK013', DETAIL = '{}';
    ELSIF h.state <> 'OPEN' THEN
        RAISE EXCEPTION 'hold % has ended', p_hold USING ERRCODE = 'WK014',
            DETAIL = jsonb_build_object('hold', p_hold, 'state', h.state);
    END IF;
    PERFORM FROM public.ledger_balance
      WHERE account_id = ANY (p_accounts) AND account_id <= h.account_id AND shard = 0
      ORDER BY account_id FOR NO KEY UPDATE;
    SELECT sum(l.amount) INTO taken
      FROM unnest(p_accounts, p_sides, p_amounts) AS l(account, side, amount)
      JOIN public.ledger_ledgeraccount a ON a.id = l.account
     WHERE l.account = h.account_id AND l.side <> a.normal_side;
    remains := h.amount - h.captured - coalesce(taken, 0);
    IF taken IS NULL OR remains < 0 THEN
        RAISE EXCEPTION 'hold % has less', p_hold USING ERRCODE = 'WK015',
            DETAIL = jsonb_build_object('hold', p_hold, 'currency', h.currency,
                'held', h.amount - h.captured, 'required', coalesce(taken, 0));
    END IF;
    IF remains > 0 AND p_keeps_rest THEN
        UPDATE public.ledger_hold SET captured = captured + taken, updated_at = clock_timestamp()
         WHERE id = p_hold;
        PERFORM public.ledger_hold_lower(h.account_id, taken);
    ELSE
        UPDATE public.ledger_hold
           SET captured = captured + taken, state = 'CAPTURED', ended_on = p_business_date,
               ended_at = p_at, ended_by = p_actor, updated_at = clock_timestamp()
         WHERE id = p_hold;
        PERFORM public.ledger_hold_lower(h.account_id, taken + remains);
    END IF;
END $$;

-- Less is held on an account.
CREATE FUNCTION ledger_hold_lower(p_account bigint, p_by numeric) RETURNS void
LANGUAGE sql AS $$
    UPDATE public.ledger_balance SET held = held - p_by, floor = floor - p_by
     WHERE account_id = p_account AND shard = 0;
$$;

-- Hold an amount that is available, once for each reference of its owner. What the bank or a court
-- holds stands on a frozen account as well.
CREATE FUNCTION ledger_hold_place(
    p_owner text, p_reference text, p_account bigint, p_kind text, p_amount numeric,
    p_currency text, p_reason text, p_expires_on date, p_at timestamptz, p_actor text,
    p_source text, p_audit jsonb, p_outbox jsonb,
    OUT hold_id bigint, OUT is_replay boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    known public.ledger_hold%ROWTYPE;
    today date;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(public.ledger_day_lock());
    SELECT d.business_date INTO today FROM public.ledger_businessday d;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'entries are written under READ COMMITTED' USING ERRCODE = 'WK103';
    ELSIF (p_amount > 0 AND p_amount < 'Infinity') IS NOT TRUE THEN
        RAISE EXCEPTION '% is nothing to hold', p_amount USING ERRCODE = 'WK103';
    END IF;
    INSERT INTO public.ledger_hold (owner, reference, account_id, kind, amount, currency, reason,
                state, expires_on, placed_on, at, actor, source)
         VALUES (p_owner, p_reference, p_account, p_kind, p_amount, p_currency, p_reason,
                'OPEN', p_expires_on, today, p_at, p_actor, p_source)
    ON CONFLICT (owner, reference) DO NOTHING RETURNING id INTO hold_id;
    is_replay := hold_id IS NULL;
    IF is_replay THEN
        SELECT * INTO known FROM public.ledger_hold
         WHERE owner = p_owner AND reference = p_reference;
        IF (known.account_id, known.kind, known.amount, known.currency, known.expires_on)
           IS DISTINCT FROM (p_account, p_kind, p_amount, p_currency, p_expires_on) THEN
            RAISE EXCEPTION 'reference % was used for something else', p_reference
                USING ERRCODE = 'WK002', DETAIL = jsonb_build_object('reference', p_reference);
        END IF;
        hold_id := known.id;
        RETURN;
    ELSIF p_expires_on < today THEN
        RAISE EXCEPTION '% has closed', p_expires_on USING ERRCODE = 'WK016',
            DETAIL = jsonb_build_object('expires_on', p_expires_on, 'business_date', today);
    END IF;
    UPDATE public.ledger_balance b SET held = b.held + p_amount, floor = b.floor + p_amount
     WHERE b.account_id = p_account AND b.shard = 0 AND b.currency = p_currency
       AND p_amount > 0 AND p_amount < 'Infinity' AND p_amount = round(p_amount, b.exponent)
       AND (CASE b.normal_side WHEN 'CREDIT' THEN b.takes_debits ELSE b.takes_credits END
            OR p_kind IN ('CHEQUE', 'LIEN', 'COURT'))
       AND b.balance - p_amount >= b.floor + CASE WHEN p_kind IN ('LIEN', 'COURT') THEN 0
                                                  ELSE b.minimum END
       AND NOT EXISTS (SELECT FROM public.ledger_ledgeraccount
                        WHERE id = p_account AND closed_date IS NOT NULL);
    IF NOT FOUND THEN
        PERFORM public.ledger_refuse_line(p_account,
            (SELECT CASE normal_side WHEN 'DEBIT' THEN 'CREDIT' ELSE 'DEBIT' END
               FROM public.ledger_ledgeraccount WHERE id = p_account), p_amount, p_currency,
            p_kind IN ('CHEQUE', 'LIEN', 'COURT'));
    END IF;
    PERFORM public.ledger_tell_of('ledger.hold:' || hold_id, 'hold', hold_id, p_actor, p_audit,
        p_outbox);
END $$;

-- Write the audit and outbox rows of a deed that is no single entry.
CREATE FUNCTION ledger_tell_of(
    p_subject text, p_name text, p_id bigint, p_actor text, p_audit jsonb, p_outbox jsonb
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_audit IS NOT NULL THEN
        INSERT INTO public.ledger_auditentry (recorded_at, actor, deed, subject, detail)
        SELECT clock_timestamp(), p_actor, r.deed, coalesce(r.subject, p_subject),
               coalesce(r.detail, '{}')
          FROM jsonb_to_recordset(p_audit) AS r(deed text, subject text, detail jsonb);
    END IF;
    IF p_outbox IS NOT NULL THEN
        INSERT INTO public.ledger_outboxmessage (event, payload, state, attempts, error)
        SELECT r.event, coalesce(r.payload, '{}') || jsonb_build_object(p_name, p_id),
               'PENDING', 0, ''
          FROM jsonb_to_recordset(p_outbox) AS r(event text, payload jsonb);
    END IF;
END $$;

-- Give back what a hold still holds.
CREATE FUNCTION ledger_hold_release(
    p_hold bigint, p_at timestamptz, p_actor text, p_reason text, p_audit jsonb, p_outbox jsonb
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    h public.ledger_hold%ROWTYPE;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(public.ledger_day_lock());
    SELECT * INTO h FROM public.ledger_hold WHERE id = p_hold FOR NO KEY UPDATE;
    IF h.id IS NULL THEN
        RAISE EXCEPTION 'there is no hold %', p_hold USING ERRCODE = 'WK013', DETAIL = '{}';
    ELSIF h.state <> 'OPEN' THEN
        RAISE EXCEPTION 'hold % has ended', p_hold USING ERRCODE = 'WK014',
            DETAIL = jsonb_build_object('hold', p_hold, 'state', h.state);
    END IF;
    UPDATE public.ledger_hold
       SET state = 'RELEASED', ended_at = p_at, ended_by = p_actor, end_reason = p_reason,
           ended_on = (SELECT business_date FROM public.ledger_businessday),
           updated_at = clock_timestamp()
     WHERE id = p_hold;
    PERFORM public.ledger_hold_lower(h.account_id, h.amount - h.captured);
    PERFORM public.ledger_tell_of('ledger.hold:' || p_hold, 'hold', p_hold, p_actor, p_audit,
        p_outbox);
END $$;

-- End the open holds of a range of ids whose last business date is not after p_day, and give their
-- number. All holds are locked before any account: whoever holds an account waits for none of them.
CREATE FUNCTION ledger_holds_expire(
    p_day date, p_first bigint, p_last bigint, p_at timestamptz, p_actor text
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    over bigint[];
    lower record;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(public.ledger_day_lock());
    IF p_day > (SELECT business_date FROM public.ledger_businessday) THEN
        RAISE EXCEPTION '% has not come yet', p_day USING ERRCODE = 'WK103', DETAIL = '{}';
    END IF;
    SELECT array_agg(h.id) INTO over FROM (
        SELECT id FROM public.ledger_hold
         WHERE state = 'OPEN' AND expires_on <= p_day AND id BETWEEN p_first AND p_last
         ORDER BY account_id, id FOR NO KEY UPDATE) h;
    FOR lower IN SELECT account_id, sum(amount - captured) AS left FROM public.ledger_hold
                  WHERE id = ANY (over) GROUP BY account_id ORDER BY account_id
    LOOP
        PERFORM public.ledger_hold_lower(lower.account_id, lower.left);
    END LOOP;
    UPDATE public.ledger_hold
       SET state = 'EXPIRED', ended_on = p_day, ended_at = p_at, ended_by = p_actor,
           updated_at = clock_timestamp()
     WHERE id = ANY (over);
    INSERT INTO public.ledger_auditentry (recorded_at, actor, deed, subject, detail)
    SELECT clock_timestamp(), p_actor, 'hold.expired', 'ledger.hold:' || id,
           jsonb_build_object('on', p_day) FROM unnest(over) AS id;
    RETURN coalesce(cardinality(over), 0);
END $$;

-- Many entries of one debit and one credit each, in one call and one currency: all of them, or with
-- p_partial those that are possible. Each line meets what the lines before it have left, exactly as
-- if they were posted one by one: that is worked out in memory, in the order of the lines, while every
-- counter and account is locked; then all is written by three statements. p_counts is a JSON array of
-- {line, owner_ref, kind, period_start, amount, cap}. A line that is no entry is a bug and ends it all.
CREATE FUNCTION ledger_post_batch(
    p_owner text, p_reference text, p_kind text, p_value_date date, p_at timestamptz, p_actor text,
    p_source text, p_branch text, p_currency text, p_debits bigint[], p_credits bigint[],
    p_amounts numeric[], p_memos text[], p_receipts text[], p_counts jsonb, p_partial boolean,
    p_audit jsonb, p_outbox jsonb,
    OUT batch_id bigint, OUT business_date date, OUT is_replay boolean, OUT entry_ids bigint[],
    OUT refused jsonb
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    n integer := cardinality(p_debits);
    asked text;
    day record;
    known public.ledger_batch%ROWTYPE;
    -- The accounts by id, and which of them each line debits and credits.
    ids bigint[]; shards smallint[]; balances numeric[]; floors numeric[]; maxima numeric[];
    sequences bigint[]; takes_debit boolean[]; takes_credit boolean[]; grows_by_debit boolean[];
    debited integer[]; credited integer[];
    -- The limits by key, and what each line takes from them.
    limit_owners text[]; limit_kinds text[]; limit_periods date[]; limit_used numeric[];
    count_lines integer[]; count_keys integer[]; count_amounts numeric[]; count_caps numeric[];
    counts integer := 0; c integer := 1; first_count integer;
    d integer; k integer; amount numeric; by_debit numeric; by_credit numeric;
    code text; facts jsonb; good integer := 0;
    debit_balances numeric[]; credit_balances numeric[];
    debit_sequences bigint[]; credit_sequences bigint[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(public.ledger_day_lock());
    SELECT b.business_date, b.open_from INTO day FROM public.ledger_businessday b;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'entries are written under READ COMMITTED' USING ERRCODE = 'WK103';
    ELSIF (n > 0 AND n = cardinality(p_credits) AND n = cardinality(p_amounts)
           AND n = cardinality(p_memos) AND n = cardinality(p_receipts)) IS NOT TRUE THEN
        RAISE EXCEPTION 'the columns of batch % are not of one length', p_reference
            USING ERRCODE = 'WK103';
    END IF;
    asked := encode(sha256(convert_to(concat_ws('|', p_kind, p_value_date, p_currency, p_partial,
        p_debits, p_credits, (SELECT array_agg(trim_scale(x) ORDER BY o)
                                FROM unnest(p_amounts) WITH ORDINALITY u(x, o)), p_memos),
        'UTF8')), 'hex');

    business_date := day.business_date;
    INSERT INTO public.ledger_batch AS b (owner, reference, kind, digest, is_partial, lines, posted,
                refused, business_date, value_date, at, actor, recorded_at)
         VALUES (p_owner, p_reference, p_kind, asked, p_partial, n, 0, '[]', day.business_date,
                coalesce(p_value_date, day.business_date), p_at, p_actor, clock_timestamp())
    ON CONFLICT (owner, reference) DO NOTHING RETURNING b.id INTO batch_id;
    is_replay := batch_id IS NULL;
    IF is_replay THEN
        SELECT * INTO known FROM public.ledger_batch b
         WHERE b.owner = p_owner AND b.reference = p_reference;
        IF known.digest <> asked THEN
            RAISE EXCEPTION 'reference % was used for something else', p_reference
                USING ERRCODE = 'WK002', DETAIL = jsonb_build_object('reference', p_reference);
        END IF;
        batch_id := known.id;
        business_date := known.business_date;
        refused := known.refused;
        SELECT array_agg(e.id ORDER BY o) INTO entry_ids FROM generate_series(1, n) o
          LEFT JOIN public.ledger_entry e
            ON e.owner = p_owner AND e.reference = p_reference || '#' || o;
        RETURN;
    ELSIF p_value_date NOT BETWEEN day.open_from AND day.business_date THEN
        RAISE EXCEPTION 'value date % is not open', p_value_date USING ERRCODE = 'WK008',
            DETAIL = jsonb_build_object('value_date', p_value_date, 'open_from', day.open_from,
                'business_date', day.business_date);
    END IF;

    -- Lock the limits in the order of their keys and see what is used of them.
    IF p_counts IS NOT NULL THEN
        WITH asked AS (
            SELECT * FROM jsonb_to_recordset(p_counts) AS r(line integer, owner_ref text, kind text,
                period_start date, amount numeric, cap numeric)
        ), touched AS (
            INSERT INTO public.ledger_counter AS t (owner_ref, kind, period_start, used)
            SELECT DISTINCT a.owner_ref, a.kind, a.period_start, 0 FROM asked a ORDER BY 1, 2, 3
            ON CONFLICT (owner_ref, kind, period_start) DO UPDATE SET used = t.used
            RETURNING t.owner_ref, t.kind, t.period_start, t.used
        ), numbered AS (
            SELECT t.*, row_number() OVER (ORDER BY t.owner_ref, t.kind, t.period_start) AS place
              FROM touched t
        ), taken AS (
            SELECT a.line, t.place, a.amount, a.cap FROM asked a
              JOIN numbered t USING (owner_ref, kind, period_start)
        )
        SELECT k.owners, k.kinds, k.periods, k.used, l.lines, l.keys, l.amounts, l.caps,
               cardinality(l.lines)
          INTO limit_owners, limit_kinds, limit_periods, limit_used, count_lines, count_keys,
               count_amounts, count_caps, counts
          FROM (SELECT array_agg(t.owner_ref ORDER BY t.place) AS owners,
                       array_agg(t.kind ORDER BY t.place) AS kinds,
                       array_agg(t.period_start ORDER BY t.place) AS periods,
                       array_agg(t.used ORDER BY t.place) AS used FROM numbered t) k,
               (SELECT array_agg(t.line ORDER BY t.line, t.place) AS lines,
                       array_agg(t.place ORDER BY t.line, t.place) AS keys,
                       array_agg(t.amount ORDER BY t.line, t.place) AS amounts,
                       array_agg(t.cap ORDER BY t.line, t.place) AS caps FROM taken t) l;
    END IF;

    -- Lock every account once, in the order of ids, and see how it stands.
    WITH held AS MATERIALIZED (
        SELECT b.* FROM public.ledger_balance b
         WHERE b.account_id = ANY (p_debits || p_credits) AND b.currency = p_currency
           AND b.shard = CASE WHEN b.account_id < 1000000000000000 THEN 0
                              ELSE pg_backend_pid() % 64 END
         ORDER BY b.account_id FOR NO KEY UPDATE
    )
    SELECT array_agg(h.account_id ORDER BY h.account_id), array_agg(h.shard ORDER BY h.account_id),
           array_agg(h.balance ORDER BY h.account_id),
           array_agg(coalesce(h.floor + h.minimum, '-Infinity') ORDER BY h.account_id),
           array_agg(coalesce(h.maximum, 'Infinity') ORDER BY h.account_id),
           array_agg(h.sequence ORDER BY h.account_id),
           array_agg(h.takes_debits ORDER BY h.account_id),
           array_agg(h.takes_credits ORDER BY h.account_id),
           array_agg(h.normal_side = 'DEBIT' ORDER BY h.account_id)
      INTO ids, shards, balances, floors, maxima, sequences, takes_debit, takes_credit,
           grows_by_debit
      FROM held h;
    WITH places AS MATERIALIZED (SELECT id, o FROM unnest(ids) WITH ORDINALITY u(id, o))
    SELECT array_agg(x.o ORDER BY l.o), array_agg(y.o ORDER BY l.o) INTO debited, credited
      FROM unnest(p_debits, p_credits) WITH ORDINALITY l(debit, credit, o)
      LEFT JOIN places x ON x.id = l.debit LEFT JOIN places y ON y.id = l.credit;

    debit_balances := array_fill(NULL::numeric, ARRAY[n]); credit_balances := debit_balances;
    debit_sequences := array_fill(NULL::bigint, ARRAY[n]); credit_sequences := debit_sequences;
    refused := '[]';
    FOR i IN 1..n LOOP
        d := debited[i]; k := credited[i]; amount := p_amounts[i]; code := NULL; first_count := c;
        IF (d <> k AND amount > 0 AND amount < 'Infinity') IS NOT TRUE THEN
            RAISE EXCEPTION 'line % of batch % is no entry', i, p_reference USING ERRCODE = 'WK103';
        END IF;
        WHILE c <= counts AND count_lines[c] = i LOOP
            IF code IS NULL AND limit_used[count_keys[c]] + count_amounts[c] > count_caps[c] THEN
                code := 'WK007';
                facts := jsonb_build_object('kind', limit_kinds[count_keys[c]], 'cap', count_caps[c],
                    'left', greatest(count_caps[c] - limit_used[count_keys[c]], 0),
                    'amount', count_amounts[c], 'period_start', limit_periods[count_keys[c]]);
            END IF;
            c := c + 1;
        END LOOP;
        by_debit := balances[d] + CASE WHEN grows_by_debit[d] THEN amount ELSE -amount END;
        by_credit := balances[k] + CASE WHEN grows_by_debit[k] THEN -amount ELSE amount END;
        IF code IS NULL
           AND NOT (takes_debit[d] AND takes_credit[k]
                    AND CASE WHEN grows_by_debit[d] THEN by_debit <= maxima[d]
                             ELSE by_debit >= floors[d] END
                    AND CASE WHEN grows_by_debit[k] THEN by_credit >= floors[k]
                             ELSE by_credit <= maxima[k] END) THEN
            SELECT r.code, r.facts INTO code, facts FROM public.ledger_batch_refusal(
                CASE WHEN takes_debit[d]
                      AND CASE WHEN grows_by_debit[d] THEN by_debit <= maxima[d]
                               ELSE by_debit >= floors[d] END THEN NULL ELSE p_debits[i] END,
                CASE WHEN takes_credit[k]
                      AND CASE WHEN grows_by_debit[k] THEN by_credit >= floors[k]
                               ELSE by_credit <= maxima[k] END THEN NULL ELSE p_credits[i] END,
                amount, p_currency, balances[d], balances[k]) r;
        END IF;
        IF code IS NOT NULL THEN
            facts := facts || jsonb_build_object('line', i);
            IF NOT p_partial THEN
                RAISE EXCEPTION 'line % of batch % is refused', i, p_reference
                    USING ERRCODE = code, DETAIL = facts;
            END IF;
            refused := refused || jsonb_build_object('line', i, 'code', code, 'facts', facts);
            CONTINUE;
        END IF;
        FOR j IN first_count..c - 1 LOOP
            limit_used[count_keys[j]] := limit_used[count_keys[j]] + count_amounts[j];
        END LOOP;
        balances[d] := by_debit; sequences[d] := sequences[d] + 1;
        balances[k] := by_credit; sequences[k] := sequences[k] + 1;
        debit_balances[i] := by_debit; debit_sequences[i] := sequences[d];
        credit_balances[i] := by_credit; credit_sequences[i] := sequences[k];
        good := good + 1;
    END LOOP;

    IF EXISTS (SELECT FROM unnest(p_amounts) x, public.ledger_currency y
                WHERE y.code = p_currency AND x <> round(x, y.exponent)) THEN
        RAISE EXCEPTION 'batch % has amounts finer than the coin of %', p_reference, p_currency
            USING ERRCODE = 'WK103';
    END IF;
    UPDATE public.ledger_counter t SET used = u.now_used
      FROM unnest(limit_owners, limit_kinds, limit_periods, limit_used)
           AS u(owner_ref, kind, period_start, now_used)
     WHERE (t.owner_ref, t.kind, t.period_start) = (u.owner_ref, u.kind, u.period_start)
       AND t.used <> u.now_used;
    UPDATE public.ledger_balance b SET balance = u.now_balance, sequence = u.now_sequence
      FROM unnest(ids, shards, balances, sequences) AS u(id, shard, now_balance, now_sequence)
     WHERE b.account_id = u.id AND b.shard = u.shard AND b.sequence <> u.now_sequence;
    WITH line AS MATERIALIZED (
        SELECT nextval('public.ledger_entry_id_seq') AS id, u.*
          FROM unnest(p_debits, p_credits, p_amounts, p_memos, p_receipts, debited, credited,
                      debit_sequences, credit_sequences, debit_balances, credit_balances)
               WITH ORDINALITY AS u(debit, credit, amount, memo, receipt_no, d, k, debit_sequence,
                      credit_sequence, debit_balance, credit_balance, o)
         WHERE u.debit_sequence IS NOT NULL
    ), counted AS (
        SELECT r.line, jsonb_agg(jsonb_build_object('owner_ref', r.owner_ref, 'kind', r.kind,
                   'period_start', r.period_start, 'amount', r.amount, 'cap', r.cap)) AS counts
          FROM jsonb_to_recordset(p_counts) AS r(line integer, owner_ref text, kind text,
                   period_start date, amount numeric, cap numeric) GROUP BY r.line
    ), entry AS (
        INSERT INTO public.ledger_entry (id, owner, reference, kind, receipt_no, business_date,
                    value_date, at, recorded_at, actor, memo, source, branch, counts, legs)
        SELECT l.id, p_owner, p_reference || '#' || l.o, p_kind, l.receipt_no, day.business_date,
               coalesce(p_value_date, day.business_date), p_at, clock_timestamp(), p_actor, l.memo,
               p_source, p_branch, x.counts, 2
          FROM line l LEFT JOIN counted x ON x.line = l.o
    ), posting AS (
        INSERT INTO public.ledger_posting (account_id, shard, sequence, entry_id, line, side,
                    amount, currency, balance_after, business_date)
        SELECT l.debit, shards[l.d], l.debit_sequence, l.id,
               CASE WHEN l.debit < l.credit THEN 1 ELSE 2 END, 'DEBIT', l.amount, p_currency,
               l.debit_balance, day.business_date FROM line l
         UNION ALL
        SELECT l.credit, shards[l.k], l.credit_sequence, l.id,
               CASE WHEN l.debit < l.credit THEN 2 ELSE 1 END, 'CREDIT', l.amount, p_currency,
               l.credit_balance, day.business_date FROM line l
    )
    SELECT array_agg(l.id ORDER BY o) INTO entry_ids
      FROM generate_series(1, n) o LEFT JOIN line l USING (o);
    UPDATE public.ledger_batch b SET posted = good, refused = ledger_post_batch.refused
     WHERE b.id = batch_id;
    PERFORM public.ledger_tell_of('ledger.batch:' || batch_id, 'batch', batch_id, p_actor, p_audit,
        p_outbox);
END $$;

-- Why a line of a batch is refused, as a single posting would say it: of the accounts that refuse it,
-- named with what the lines before it have left, the one with the lower id speaks.
CREATE FUNCTION ledger_batch_refusal(
    p_debit bigint, p_credit bigint, p_amount numeric, p_currency text, p_debit_balance numeric,
    p_credit_balance numeric, OUT code text, OUT facts jsonb
)
LANGUAGE plpgsql AS $$
DECLARE
    is_debit boolean := coalesce(p_debit < p_credit, p_credit IS NULL);
    a public.ledger_ledgeraccount%ROWTYPE;
    b public.ledger_balance%ROWTYPE;
BEGIN
    SELECT * INTO a FROM public.ledger_ledgeraccount
     WHERE id = CASE WHEN is_debit THEN p_debit ELSE p_credit END;
    SELECT * INTO b FROM public.ledger_balance WHERE account_id = a.id ORDER BY shard LIMIT 1;
    b.balance := CASE WHEN is_debit THEN p_debit_balance ELSE p_credit_balance END;
    facts := jsonb_build_object('account', a.id, 'code', a.code, 'currency', p_currency,
        'required', p_amount, 'available', public.ledger_available(b), 'minimum', b.minimum,
        'maximum', b.maximum, 'balance', b.balance);
    code := CASE WHEN a.closed_date IS NOT NULL THEN 'WK006'
                 WHEN NOT (CASE WHEN is_debit THEN b.takes_debits ELSE b.takes_credits END)
                 THEN 'WK005'
                 WHEN is_debit = (a.normal_side = 'DEBIT') THEN 'WK004' ELSE 'WK003' END;
END $$;
