-- What a savings account is owed at any moment, and how that ends when it is closed. A closed account
-- is owed nothing more, so no earlier value date reaches it (the ledger takes none for it either).

-- Where the entries begin that no closed business date has counted.
CREATE FUNCTION savings_uncounted_from() RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT j.late_entry FROM public.accounts_interestjournal j
                      ORDER BY j.business_date DESC LIMIT 1), 1);
$$;

-- What an account earned and was not paid, to a millionth: the days that have closed, what entries
-- with an earlier value date change in them, and the part of a cent of the payment before.
CREATE FUNCTION savings_owed(p_account bigint) RETURNS numeric
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH today AS (
        SELECT b.business_date AS day FROM public.ledger_businessday b
    ), paid AS (
        SELECT coalesce(i.paid_on, d.opened_date - 1) AS since, coalesce(i.carried_out, 0) AS carried
          FROM public.accounts_depositaccount d
          LEFT JOIN LATERAL (SELECT p.paid_on, p.carried_out FROM public.accounts_interestpayment p
                              WHERE p.account_id = d.id ORDER BY p.paid_on DESC LIMIT 1) i ON true
         WHERE d.ledger_account_id = p_account
    ), written AS (
        -- Days by name: a range of them would read every day's part as a whole.
        SELECT a.* FROM public.accounts_interestaccrual a
         WHERE a.account_id = p_account
           AND a.booked_on = ANY (ARRAY(SELECT g::date FROM today, paid,
                                  generate_series(paid.since + 1, today.day, interval '1 day') g))
    ), found AS (
        SELECT c.* FROM today, public.savings_corrections(today.day, 9223372036854775807,
                   public.savings_uncounted_from(), p_account, p_account) c
         WHERE NOT EXISTS (SELECT FROM public.accounts_interestaccrual a
                            WHERE a.booked_on = c.booked_on AND a.account_id = p_account
                              AND a.for_day = c.for_day)
    )
    SELECT coalesce((SELECT carried FROM paid), 0)
           + coalesce((SELECT sum(amount) FROM written), 0)
           + coalesce((SELECT sum(amount) FROM found), 0);
$$;

-- End what an account earns, on the day on which it is closed: that day earns nothing, and what is
-- owed becomes whole cents, so that a payment in this transaction leaves nothing. What was paid too
-- much, because of an earlier value date, is not asked back. p_other is where its money goes; both
-- stay locked, in the order of all locks.
--
-- The row of the day is what one of two gets: this, or the close of the day. If that was first, the
-- day has been worked out, and the closing waits for the next one.
CREATE FUNCTION savings_end_interest(p_day date, p_account bigint, p_other bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    owed numeric;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(public.ledger_day_lock());
    IF p_day <> (SELECT business_date FROM public.ledger_businessday) THEN
        RAISE EXCEPTION '% is not the business date', p_day USING ERRCODE = 'WK012',
            DETAIL = (SELECT jsonb_build_object('business_date', business_date)
                        FROM public.ledger_businessday);
    END IF;
    -- Before any account is locked: whoever makes the month's part waits for its readers.
    PERFORM public.ledger_month_of('public.accounts_interestaccrual', p_day);
    PERFORM FROM public.ledger_balance b
      WHERE b.account_id IN (p_account, p_other) AND b.shard = 0
      ORDER BY b.account_id FOR NO KEY UPDATE;
    PERFORM public.ledger_lock_open_account(p_account);
    PERFORM public.savings_correct(p_day, 9223372036854775807, public.savings_uncounted_from(),
        p_account, p_account);
    owed := public.savings_owed(p_account);
    INSERT INTO public.accounts_interestaccrual (booked_on, account_id, for_day, base,
                annual_percent, days_in_year, least_balance, amount)
    SELECT p_day, p_account, p_day, 0, t.annual_percent, t.days_in_year, t.least_balance,
           greatest(round(owed, 2), 0) - owed
      FROM public.accounts_interestterm t
      JOIN public.accounts_depositaccount d ON d.product_id = t.product_id
     WHERE d.ledger_account_id = p_account AND t.effective_from <= p_day
     ORDER BY t.effective_from DESC LIMIT 1
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the day % is being closed', p_day USING ERRCODE = 'WK012',
            DETAIL = jsonb_build_object('business_date', p_day);
    END IF;
END $$;
