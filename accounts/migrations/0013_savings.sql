-- Interest is money to be, so no connection may write it by hand: these functions do, from the balances
-- and the dated terms.

CREATE TABLE accounts_interestaccrual (
    booked_on date NOT NULL,
    account_id bigint NOT NULL,
    for_day date NOT NULL,
    base numeric(20, 4) NOT NULL,
    annual_percent numeric(7, 4) NOT NULL,
    days_in_year smallint NOT NULL,
    least_balance numeric(20, 4) NOT NULL,
    amount numeric(20, 6) NOT NULL,
    PRIMARY KEY (booked_on, account_id, for_day)
) PARTITION BY RANGE (booked_on);

-- What a balance earns on one day, to a millionth; nothing below the least balance.
CREATE FUNCTION savings_interest(
    p_base numeric, p_annual_percent numeric, p_days_in_year smallint, p_least numeric
) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN p_base < p_least OR p_base <= 0 THEN 0
            ELSE round(p_base * p_annual_percent / (100 * p_days_in_year), 6) END;

-- What the accounts of a range of ids earn on a date, of which it is not written yet.
--
-- The base is the balance at the end of the day by the clock (p_moment): what stands in the books less
-- what was asked for later (entries from p_late_from on), less cheques that are not cleared.
CREATE FUNCTION savings_earned(
    p_day date, p_moment timestamptz, p_late_from bigint, p_first bigint, p_last bigint
) RETURNS SETOF accounts_interestaccrual
LANGUAGE sql STABLE AS $$
    WITH term AS MATERIALIZED (
        SELECT DISTINCT ON (t.product_id) t.* FROM public.accounts_interestterm t
         WHERE t.effective_from <= p_day AND (t.effective_to IS NULL OR t.effective_to >= p_day)
         ORDER BY t.product_id, t.effective_from DESC
    ), late AS MATERIALIZED (
        SELECT p.account_id, sum(CASE p.side WHEN 'CREDIT' THEN p.amount ELSE -p.amount END) AS moved
          FROM public.ledger_entry e JOIN public.ledger_posting p ON p.entry_id = e.id
         WHERE e.id >= p_late_from AND e.at >= p_moment
           AND p.account_id BETWEEN p_first AND p_last
         GROUP BY p.account_id
    ), uncleared AS MATERIALIZED (
        SELECT h.account_id, sum(h.amount - h.captured) AS amount FROM public.ledger_hold h
         WHERE h.kind = 'CHEQUE' AND h.account_id BETWEEN p_first AND p_last
           AND h.at < p_moment AND (h.state = 'OPEN' OR h.ended_at >= p_moment)
         GROUP BY h.account_id
    )
    SELECT p_day, b.account_id, p_day, x.base, t.annual_percent, t.days_in_year, t.least_balance,
           public.savings_interest(x.base, t.annual_percent, t.days_in_year, t.least_balance)
      FROM public.accounts_depositaccount d
      JOIN term t ON t.product_id = d.product_id
      JOIN public.ledger_balance b ON b.account_id = d.ledger_account_id AND b.shard = 0
      LEFT JOIN late l ON l.account_id = b.account_id
      LEFT JOIN uncleared u ON u.account_id = b.account_id
      CROSS JOIN LATERAL (SELECT b.balance - coalesce(l.moved, 0) - coalesce(u.amount, 0) AS base) x
     WHERE d.ledger_account_id BETWEEN p_first AND p_last
       AND b.account_id BETWEEN p_first AND p_last
       AND d.closed_date IS NULL AND d.opened_date <= p_day
       AND NOT EXISTS (SELECT FROM public.accounts_interestaccrual a
                        WHERE a.booked_on = p_day AND a.for_day = p_day
                          AND a.account_id = d.ledger_account_id
                          AND a.account_id BETWEEN p_first AND p_last)
     ORDER BY b.account_id;  -- In the order of the key, which is written faster.
$$;

-- Write what the accounts of a range of ids earned on the open business date, and give their number;
-- again, it writes nothing. Entries since p_back_from that count from an earlier day change what those
-- days earned: a row of the difference for each.
CREATE FUNCTION savings_accrue(
    p_day date, p_moment timestamptz, p_late_from bigint, p_back_from bigint, p_first bigint,
    p_last bigint
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    written integer;
BEGIN
    IF p_day <> (SELECT business_date FROM public.ledger_businessday) THEN
        RAISE EXCEPTION '% is not the business date', p_day USING ERRCODE = 'WK012',
            DETAIL = (SELECT jsonb_build_object('business_date', business_date)
                        FROM public.ledger_businessday);
    END IF;
    PERFORM public.ledger_month_of('public.accounts_interestaccrual', p_day);
    -- Made by the night, so that the first closing of a month need not wait for those who read.
    PERFORM public.ledger_month_of('public.accounts_interestaccrual', p_day + 1);
    -- ON CONFLICT takes twice the time, so it is kept for when others write the same rows just now.
    BEGIN
        INSERT INTO public.accounts_interestaccrual
        SELECT * FROM public.savings_earned(p_day, p_moment, p_late_from, p_first, p_last);
        GET DIAGNOSTICS written = ROW_COUNT;
    EXCEPTION WHEN unique_violation THEN
        INSERT INTO public.accounts_interestaccrual
        SELECT * FROM public.savings_earned(p_day, p_moment, p_late_from, p_first, p_last)
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS written = ROW_COUNT;
    END;
    PERFORM public.savings_correct(p_day, p_late_from, p_back_from, p_first, p_last);
    RETURN written;
END $$;

-- The rows that say what earlier days earned more or less than was written, because an entry counts
-- from them.
CREATE FUNCTION savings_corrections(
    p_day date, p_late_from bigint, p_back_from bigint, p_first bigint, p_last bigint
) RETURNS SETOF accounts_interestaccrual
LANGUAGE sql STABLE AS $$
    WITH moved AS (
        SELECT p.account_id, e.value_date,
               sum(CASE p.side WHEN 'CREDIT' THEN p.amount ELSE -p.amount END) AS moved
          FROM public.ledger_entry e JOIN public.ledger_posting p ON p.entry_id = e.id
          JOIN public.accounts_depositaccount d ON d.ledger_account_id = p.account_id
         WHERE e.id >= p_back_from AND e.id < p_late_from AND e.value_date < e.business_date
           AND p.account_id BETWEEN p_first AND p_last AND d.closed_date IS NULL
         GROUP BY p.account_id, e.value_date
    ), earlier AS (
        SELECT m.account_id, g::date AS for_day, sum(m.moved) AS moved
          FROM moved m, generate_series(m.value_date, p_day - 1, interval '1 day') g
         GROUP BY m.account_id, g
    ), known AS (
        SELECT DISTINCT ON (a.account_id, a.for_day) a.*,
               sum(a.amount) OVER (PARTITION BY a.account_id, a.for_day) AS so_far, w.moved
          FROM earlier w JOIN public.accounts_interestaccrual a USING (account_id, for_day)
         -- Days by name: a range of them would read every day's part as a whole.
         WHERE a.booked_on = ANY (ARRAY(SELECT g::date FROM generate_series(
               (SELECT min(for_day) FROM earlier), p_day - 1, interval '1 day') g))
         ORDER BY a.account_id, a.for_day, a.booked_on DESC
    )
    SELECT p_day, k.account_id, k.for_day, (k.base + k.moved)::numeric(20, 4), k.annual_percent,
           k.days_in_year, k.least_balance,
           (public.savings_interest(k.base + k.moved, k.annual_percent, k.days_in_year,
                                    k.least_balance) - k.so_far)::numeric(20, 6)
      FROM known k;
$$;

CREATE FUNCTION savings_correct(
    p_day date, p_late_from bigint, p_back_from bigint, p_first bigint, p_last bigint
) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO public.accounts_interestaccrual
    SELECT * FROM public.savings_corrections(p_day, p_late_from, p_back_from, p_first, p_last)
    ON CONFLICT DO NOTHING;
$$;

-- Pay the interest of the accounts of a range of ids: what they earned since it was last paid, with
-- what was left below a cent, rounded half up to the coin, less the tax of the day. It gives how many
-- it worked out; again, none.
CREATE FUNCTION savings_pay_interest(
    p_day date, p_first bigint, p_last bigint, p_at timestamptz, p_actor text, p_memo text,
    p_tax_kind text
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    tax_rate numeric;
    days date[];
    owed bigint;
    tax_line bigint;
    due record;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(public.ledger_day_lock());
    IF p_day <> (SELECT business_date FROM public.ledger_businessday) THEN
        RAISE EXCEPTION '% is not the business date', p_day USING ERRCODE = 'WK012',
            DETAIL = (SELECT jsonb_build_object('business_date', business_date)
                        FROM public.ledger_businessday);
    END IF;
    SELECT t.rate_percent INTO STRICT tax_rate FROM public.accounts_taxrate t
     WHERE t.kind = p_tax_kind AND t.effective_from <= p_day
       AND (t.effective_to IS NULL OR t.effective_to >= p_day)
     ORDER BY t.effective_from DESC LIMIT 1;
    SELECT id INTO STRICT owed FROM public.ledger_ledgeraccount WHERE code = '2110';
    SELECT id INTO STRICT tax_line FROM public.ledger_ledgeraccount WHERE code = '2220';
    -- Two payers at once: the second waits here, and then finds nothing due.
    PERFORM FROM public.ledger_balance b
       JOIN public.accounts_depositaccount d ON d.ledger_account_id = b.account_id
      WHERE b.account_id BETWEEN p_first AND p_last AND b.shard = 0
        AND d.product_id IN (SELECT t.product_id FROM public.accounts_interestterm t)
      ORDER BY b.account_id FOR NO KEY UPDATE OF b;
    -- Days by name: a range over booked_on and account_id would read every day's part as a whole.
    SELECT array_agg(g::date) INTO days FROM generate_series(
        (SELECT min(coalesce(s.paid_on, d.opened_date - 1)) + 1 FROM public.accounts_depositaccount d
           LEFT JOIN LATERAL (SELECT max(i.paid_on) AS paid_on
                                FROM public.accounts_interestpayment i
                               WHERE i.account_id = d.id) s ON true
          WHERE d.ledger_account_id BETWEEN p_first AND p_last AND d.closed_date IS NULL
            AND d.product_id IN (SELECT t.product_id FROM public.accounts_interestterm t)),
        p_day, interval '1 day') g;
    WITH scope AS MATERIALIZED (
        SELECT d.id, d.ledger_account_id, coalesce(s.paid_on, d.opened_date - 1) AS since,
               coalesce(s.carried_out, 0) AS carried_in
          FROM public.accounts_depositaccount d
          LEFT JOIN LATERAL (SELECT i.paid_on, i.carried_out FROM public.accounts_interestpayment i
                              WHERE i.account_id = d.id ORDER BY i.paid_on DESC LIMIT 1) s ON true
         WHERE d.ledger_account_id BETWEEN p_first AND p_last AND d.closed_date IS NULL
           AND d.product_id IN (SELECT t.product_id FROM public.accounts_interestterm t)
    ), earned AS (
        SELECT s.id, s.ledger_account_id, s.carried_in, sum(a.amount) AS accrued
          FROM scope s JOIN public.accounts_interestaccrual a
            ON a.account_id = s.ledger_account_id AND a.booked_on > s.since
         WHERE a.booked_on = ANY (days) AND a.account_id BETWEEN p_first AND p_last
         GROUP BY s.id, s.ledger_account_id, s.carried_in
    ), paid AS (
        SELECT e.*, greatest(round(e.carried_in + e.accrued, 2), 0) AS gross FROM earned e
    )
    SELECT array_agg(p.id ORDER BY p.ledger_account_id) AS ids,
           array_agg(p.ledger_account_id ORDER BY p.ledger_account_id) AS accounts,
           array_agg(p.carried_in ORDER BY p.ledger_account_id) AS carried,
           array_agg(p.accrued ORDER BY p.ledger_account_id) AS accrued,
           array_agg(p.gross ORDER BY p.ledger_account_id) AS gross,
           array_agg(round(p.gross * tax_rate / 100, 2) ORDER BY p.ledger_account_id) AS tax,
           array_agg(p.ledger_account_id ORDER BY p.ledger_account_id)
               FILTER (WHERE p.gross > 0) AS paid_accounts,
           array_agg(p.gross ORDER BY p.ledger_account_id) FILTER (WHERE p.gross > 0) AS paid_gross,
           array_agg(round(p.gross * tax_rate / 100, 2) ORDER BY p.ledger_account_id)
               FILTER (WHERE p.gross > 0) AS paid_tax
      INTO due FROM paid p;
    IF due.ids IS NULL THEN
        RETURN 0;
    END IF;
    INSERT INTO public.accounts_interestpayment (account_id, paid_on, accrued, carried_in, gross,
                tax_percent, tax, carried_out, entry_id, created_at)
    SELECT u.id, p_day, u.accrued, u.carried, u.gross, tax_rate, u.tax,
           u.carried + u.accrued - u.gross, e.entry_id, clock_timestamp()
      FROM unnest(due.ids, due.accounts, due.carried, due.accrued, due.gross, due.tax)
               AS u(id, account, carried, accrued, gross, tax)
      LEFT JOIN public.ledger_capitalise('bank', 'interest:' || p_day, 'INTEREST', p_at, p_actor,
                    p_memo, owed, tax_line, 'KES', due.paid_accounts, due.paid_gross, due.paid_tax)
               AS e(account_id, entry_id) ON e.account_id = u.account;
    RETURN cardinality(due.ids);
END $$;
