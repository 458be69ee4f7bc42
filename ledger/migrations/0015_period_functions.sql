-- Closing and opening months, and the year end. Only these move open_from, the earliest value date
-- that takes postings; each takes the day's lock alone, so no posting is under way and none is added
-- to a period while it closes. updated_at of the business day stays: it tells when the date opened.

CREATE FUNCTION ledger_alone_with_the_day() RETURNS public.ledger_businessday
LANGUAGE plpgsql AS $$
DECLARE
    day public.ledger_businessday%ROWTYPE;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'periods are closed under READ COMMITTED' USING ERRCODE = 'WK103';
    END IF;
    PERFORM pg_advisory_xact_lock(public.ledger_day_lock());
    SELECT * INTO day FROM public.ledger_businessday;
    RETURN day;
END $$;

-- Say why the month of a date cannot be closed now. It must be over, and the earliest that is open.
CREATE FUNCTION ledger_check_period(p_first date, p_day public.ledger_businessday) RETURNS date
LANGUAGE plpgsql AS $$
DECLARE
    last_date date := (p_first + interval '1 month - 1 day')::date;
    facts jsonb := jsonb_build_object('first_date', p_first, 'last_date', last_date,
        'open_from', p_day.open_from, 'business_date', p_day.business_date);
BEGIN
    IF p_first <> date_trunc('month', p_first)::date THEN
        RAISE EXCEPTION 'a period begins on the first of a month, not on %', p_first
            USING ERRCODE = 'WK103', DETAIL = '{}';
    ELSIF p_first < date_trunc('month', p_day.open_from)::date THEN
        RAISE EXCEPTION 'the period from % is closed', p_first USING ERRCODE = 'WK041', DETAIL = facts;
    ELSIF last_date >= p_day.business_date THEN
        RAISE EXCEPTION 'the period to % is not over', last_date USING ERRCODE = 'WK040', DETAIL = facts;
    ELSIF p_first > date_trunc('month', p_day.open_from)::date THEN
        RAISE EXCEPTION 'a period before % is open', p_first USING ERRCODE = 'WK042', DETAIL = facts;
    END IF;
    RETURN last_date;
END $$;

CREATE FUNCTION ledger_keep_period(p_first date, p_is_closed boolean, p_approval bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    last_date date := (p_first + interval '1 month - 1 day')::date;
BEGIN
    INSERT INTO public.ledger_period AS p (first_date, last_date, is_closed, changed_at, approval_id)
         VALUES (p_first, last_date, p_is_closed, clock_timestamp(), p_approval)
    ON CONFLICT (first_date) DO UPDATE
        SET is_closed = excluded.is_closed, changed_at = excluded.changed_at,
            approval_id = excluded.approval_id, updated_at = clock_timestamp();
    UPDATE public.ledger_businessday
       SET open_from = CASE WHEN p_is_closed THEN last_date + 1 ELSE p_first END;
END $$;

-- Close a month; gives the earliest value date that takes postings from now on. December closes with
-- its year (ledger_close_year), never by itself.
CREATE FUNCTION ledger_close_period(p_first date, p_approval bigint) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last_date date := public.ledger_check_period(p_first, public.ledger_alone_with_the_day());
BEGIN
    IF extract(month FROM p_first) = 12 THEN
        RAISE EXCEPTION 'December closes with its year' USING ERRCODE = 'WK043',
            DETAIL = jsonb_build_object('year', extract(year FROM p_first)::integer);
    END IF;
    PERFORM public.ledger_keep_period(p_first, true, p_approval);
    RETURN last_date + 1;
END $$;

-- Open the month that closed last, while its year is open; gives the earliest value date.
CREATE FUNCTION ledger_reopen_period(p_first date, p_approval bigint) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    day public.ledger_businessday%ROWTYPE := public.ledger_alone_with_the_day();
    next_first date := (p_first + interval '1 month')::date;
BEGIN
    IF EXISTS (SELECT FROM public.ledger_financialyear y
                WHERE y.year = extract(year FROM p_first)::integer) THEN
        RAISE EXCEPTION 'the year of % is closed', p_first USING ERRCODE = 'WK044',
            DETAIL = jsonb_build_object('year', extract(year FROM p_first)::integer);
    ELSIF NOT EXISTS (SELECT FROM public.ledger_period p WHERE p.first_date = p_first AND p.is_closed) THEN
        RAISE EXCEPTION 'the period from % is not closed', p_first USING ERRCODE = 'WK045',
            DETAIL = jsonb_build_object('first_date', p_first, 'open_from', day.open_from);
    ELSIF day.open_from <> next_first THEN
        RAISE EXCEPTION 'a period after % is closed', p_first USING ERRCODE = 'WK046',
            DETAIL = jsonb_build_object('first_date', p_first, 'open_from', day.open_from);
    END IF;
    PERFORM public.ledger_keep_period(p_first, false, p_approval);
    RETURN p_first;
END $$;

-- What stands on every income and expense line of entries valued up to a date, in the direction of
-- the line: the balance at the end of that business date, and what was booked later with a value date
-- up to it. A line is the sum of its balance rows. It reads the last posting of each row and, beyond
-- it, only what was booked since.
CREATE FUNCTION ledger_income_until(p_last date)
RETURNS TABLE (account_id bigint, code text, kind text, normal_side text, currency text, amount numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- What was booked since for a day until then: few entries, which have an index of their own.
    WITH late AS MATERIALIZED (
        SELECT p.account_id, p.shard,
               sum(CASE WHEN p.side = a.normal_side THEN p.amount ELSE -p.amount END) AS moved
          FROM public.ledger_entry e JOIN public.ledger_posting p ON p.entry_id = e.id
          JOIN public.ledger_ledgeraccount a ON a.id = p.account_id
         WHERE e.value_date < e.business_date AND e.value_date <= p_last
           AND e.business_date > p_last AND a.kind IN ('INCOME', 'EXPENSE')
         GROUP BY p.account_id, p.shard
    )
    SELECT a.id, a.code::text, a.kind::text, a.normal_side::text, a.currency::text,
           sum(coalesce(standing.balance_after, 0) + coalesce(late.moved, 0))
      FROM public.ledger_ledgeraccount a
      JOIN public.ledger_balance b ON b.account_id = a.id
      LEFT JOIN LATERAL (
          SELECT p.balance_after FROM public.ledger_posting p
           WHERE p.account_id = b.account_id AND p.shard = b.shard AND p.business_date <= p_last
           ORDER BY p.business_date DESC, p.sequence DESC LIMIT 1) standing ON true
      LEFT JOIN late ON late.account_id = b.account_id AND late.shard = b.shard
     WHERE a.kind IN ('INCOME', 'EXPENSE')
     GROUP BY a.id, a.code, a.kind, a.normal_side, a.currency
$$;

-- What ledger_income_until gave, kept as one value.
CREATE FUNCTION ledger_income_read(p_lines jsonb)
RETURNS TABLE (account_id bigint, code text, kind text, normal_side text, currency text, amount numeric)
LANGUAGE sql IMMUTABLE AS $$
    SELECT * FROM jsonb_to_recordset(p_lines) AS l(account_id bigint, code text, kind text,
           normal_side text, currency text, amount numeric)
$$;

-- Book one part of the year end: the lines of one kind against current-year result (3030).
CREATE FUNCTION ledger_post_year_end(
    p_year integer, p_part text, p_accounts bigint[], p_credits numeric[], p_at timestamptz, p_actor text
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    legs record;
BEGIN
    SELECT array_agg(l.id ORDER BY l.id) AS ids,
           array_agg(CASE WHEN l.credit > 0 THEN 'CREDIT' ELSE 'DEBIT' END ORDER BY l.id) AS sides,
           array_agg(abs(l.credit) ORDER BY l.id) AS amounts,
           array_agg('KES'::text ORDER BY l.id) AS currencies
      INTO legs FROM unnest(p_accounts, p_credits) AS l(id, credit) WHERE l.credit <> 0;
    IF legs.ids IS NOT NULL THEN
        PERFORM public.ledger_post('bank', 'year-end:' || p_year || ':' || p_part, 'YEAR_END',
            make_date(p_year, 12, 31), p_at, p_actor, 'Year end ' || p_year || ', ' || p_part,
            'ledger.financialyear:' || p_year, '001', '', legs.ids, legs.sides, legs.amounts,
            legs.currencies, NULL, NULL, NULL, NULL, false, false);
    END IF;
END $$;

-- Bring income and expense of a year to zero through 3030 to 3020, and close December and the year, in
-- one go under the day's lock: what is moved is what stands there, and nothing can follow. Gives the
-- result; of a year that is closed already too, and does nothing then. p_result is what both persons
-- saw; another one is refused.
CREATE FUNCTION ledger_close_year(
    p_year integer, p_approval bigint, p_result numeric, p_at timestamptz, p_actor text
) RETURNS numeric
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    day public.ledger_businessday%ROWTYPE := public.ledger_alone_with_the_day();
    december date := make_date(p_year, 12, 1);
    known numeric := (SELECT y.result FROM public.ledger_financialyear y WHERE y.year = p_year);
    current_result bigint;
    retained bigint;
    part record;
    foreign_line record;
    lines jsonb;  -- Worked out once, for nobody can post meanwhile.
    total numeric := 0;
BEGIN
    IF known IS NOT NULL THEN
        RETURN known;
    END IF;
    PERFORM public.ledger_check_period(december, day);
    SELECT coalesce(jsonb_agg(l), '[]') INTO lines FROM public.ledger_income_until(december + 30) l;
    SELECT * INTO foreign_line FROM public.ledger_income_read(lines) l
     WHERE l.amount <> 0 AND l.currency <> 'KES' ORDER BY l.code LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'line % holds % of %', foreign_line.code, foreign_line.currency, foreign_line.amount
            USING ERRCODE = 'WK048', DETAIL = jsonb_build_object('code', foreign_line.code,
                'currency', foreign_line.currency, 'amount', foreign_line.amount);
    END IF;
    SELECT coalesce(sum(CASE l.normal_side WHEN 'CREDIT' THEN l.amount ELSE -l.amount END), 0)
      INTO total FROM public.ledger_income_read(lines) l;
    IF total IS DISTINCT FROM p_result THEN
        RAISE EXCEPTION 'the result of % is %, not %', p_year, total, p_result USING ERRCODE = 'WK047',
            DETAIL = jsonb_build_object('year', p_year, 'result', total, 'asked', p_result);
    END IF;

    SELECT id INTO current_result FROM public.ledger_ledgeraccount WHERE code = '3030';
    SELECT id INTO retained FROM public.ledger_ledgeraccount WHERE code = '3020';
    FOR part IN
        SELECT lower(l.kind) AS name, array_agg(l.account_id) AS ids,
               array_agg(CASE l.normal_side WHEN 'CREDIT' THEN -l.amount ELSE l.amount END) AS credits,
               sum(CASE l.normal_side WHEN 'CREDIT' THEN l.amount ELSE -l.amount END) AS net
          FROM public.ledger_income_read(lines) l GROUP BY l.kind ORDER BY l.kind DESC
    LOOP
        PERFORM public.ledger_post_year_end(p_year, part.name, part.ids || current_result,
            part.credits || part.net, p_at, p_actor);
    END LOOP;
    PERFORM public.ledger_post_year_end(p_year, 'result', ARRAY[current_result, retained],
        ARRAY[-total, total], p_at, p_actor);

    INSERT INTO public.ledger_financialyear (year, result, approval_id, closed_at)
         VALUES (p_year, total, p_approval, clock_timestamp());
    PERFORM public.ledger_keep_period(december, true, p_approval);
    RETURN total;
END $$;

CREATE TRIGGER ledger_period_stays BEFORE DELETE OR TRUNCATE ON ledger_period
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_year_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_financialyear
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
ALTER TABLE ledger_period ENABLE ALWAYS TRIGGER ledger_period_stays;
ALTER TABLE ledger_financialyear ENABLE ALWAYS TRIGGER ledger_year_stays;
ALTER TABLE ledger_financialyear ADD CONSTRAINT ledger_year_result_is_finite
    CHECK (result > '-Infinity' AND result < 'Infinity');
