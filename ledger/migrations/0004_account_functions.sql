-- Accounts and the business date change only here, under the same locks that postings take.

-- What an account may hold and owe: whole coins, or nothing; anything else is a bug of the caller.
CREATE FUNCTION ledger_check_terms(
    p_currency text, p_maximum numeric, p_overdraft numeric, p_minimum numeric
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    coin integer := (SELECT exponent FROM public.ledger_currency WHERE code = p_currency);
BEGIN
    IF (p_overdraft >= 0 AND p_overdraft < 'Infinity' AND p_overdraft = round(p_overdraft, coin)
        AND p_minimum >= 0 AND p_minimum < 'Infinity' AND p_minimum = round(p_minimum, coin)
        AND (p_maximum IS NULL OR (p_maximum > 0 AND p_maximum < 'Infinity'
                                   AND p_maximum = round(p_maximum, coin)))) IS NOT TRUE THEN
        RAISE EXCEPTION 'overdraft %, minimum % and maximum % are no terms',
            p_overdraft, p_minimum, p_maximum
            USING ERRCODE = 'WK103', DETAIL = '{}';
    END IF;
END $$;

CREATE FUNCTION ledger_open_account(
    p_control text, p_code text, p_name text, p_currency text, p_branch text, p_maximum numeric,
    p_minimum numeric
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    line public.ledger_ledgeraccount%ROWTYPE;
    new_id bigint;
BEGIN
    SELECT * INTO line FROM public.ledger_ledgeraccount WHERE code = p_control AND is_control;
    IF line.id IS NULL OR line.currency <> p_currency THEN
        RAISE EXCEPTION '% is no control line of %', p_control, p_currency
            USING ERRCODE = 'WK103', DETAIL = '{}';
    END IF;
    PERFORM public.ledger_check_terms(p_currency, p_maximum, 0, p_minimum);
    INSERT INTO public.ledger_ledgeraccount (id, code, name, kind, normal_side, currency, branch,
                control_id, is_control, is_guarded, effective_date)
         VALUES (nextval('public.ledger_customer_account_id'), p_code, p_name, line.kind,
                line.normal_side, p_currency, p_branch, line.id, false, true,
                (SELECT business_date FROM public.ledger_businessday))
      RETURNING id INTO new_id;
    INSERT INTO public.ledger_balance (account_id, shard, currency, exponent, normal_side,
                floor, minimum, maximum)
    SELECT new_id, 0, c.code, c.exponent, line.normal_side, 0, p_minimum, p_maximum
      FROM public.ledger_currency c WHERE c.code = p_currency;
    RETURN new_id;
END $$;

-- A line of the bank's own chart: a control line, or a line with 64 balance rows that takes postings.
CREATE FUNCTION ledger_open_line(
    p_code text, p_name text, p_kind text, p_normal_side text, p_currency text, p_branch text,
    p_is_control boolean, p_effective_date date
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    new_id bigint;
BEGIN
    INSERT INTO public.ledger_ledgeraccount (id, code, name, kind, normal_side, currency, branch,
                is_control, is_guarded, effective_date)
         VALUES (nextval('public.ledger_gl_account_id'), p_code, p_name, p_kind, p_normal_side,
                p_currency, p_branch, p_is_control, false, p_effective_date)
      RETURNING id INTO new_id;
    IF NOT p_is_control THEN
        INSERT INTO public.ledger_balance (account_id, shard, currency, exponent, normal_side)
        SELECT new_id, shard, c.code, c.exponent, p_normal_side
          FROM generate_series(0, 63) AS shard, public.ledger_currency c WHERE c.code = p_currency;
    END IF;
    RETURN new_id;
END $$;

-- The balance row of a customer's open account, locked; refused when there is none.
CREATE FUNCTION ledger_lock_open_account(p_account bigint) RETURNS public.ledger_balance
LANGUAGE plpgsql AS $$
DECLARE
    b public.ledger_balance%ROWTYPE;
BEGIN
    SELECT * INTO b FROM public.ledger_balance
     WHERE account_id = p_account AND shard = 0 AND floor IS NOT NULL FOR NO KEY UPDATE;
    IF b.account_id IS NULL OR EXISTS (SELECT FROM public.ledger_ledgeraccount
                                        WHERE id = p_account AND closed_date IS NOT NULL) THEN
        RAISE EXCEPTION 'account % is not an open account of a customer', p_account
            USING ERRCODE = 'WK006', DETAIL = jsonb_build_object('account', p_account);
    END IF;
    RETURN b;
END $$;

CREATE FUNCTION ledger_freeze(p_account bigint, p_debits boolean, p_credits boolean, p_reason text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM public.ledger_lock_open_account(p_account);
    UPDATE public.ledger_balance SET takes_debits = NOT p_debits, takes_credits = NOT p_credits
     WHERE account_id = p_account;
    UPDATE public.ledger_ledgeraccount SET freeze_reason = p_reason, updated_at = clock_timestamp()
     WHERE id = p_account;
END $$;

-- What an account may hold and owe. An overdraft cannot shrink below what is already used of it.
CREATE FUNCTION ledger_set_terms(
    p_account bigint, p_maximum numeric, p_overdraft numeric, p_minimum numeric
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    b public.ledger_balance%ROWTYPE := public.ledger_lock_open_account(p_account);
BEGIN
    PERFORM public.ledger_check_terms(b.currency, p_maximum, p_overdraft, p_minimum);
    IF b.balance - b.held + p_overdraft < 0 THEN
        RAISE EXCEPTION 'more of the overdraft is used' USING ERRCODE = 'WK003',
            DETAIL = jsonb_build_object('account', p_account, 'currency', b.currency,
                'required', b.held - b.balance, 'available', p_overdraft);
    END IF;
    UPDATE public.ledger_balance
       SET maximum = p_maximum, overdraft = p_overdraft, minimum = p_minimum,
           floor = held - p_overdraft
     WHERE account_id = p_account;
END $$;

CREATE FUNCTION ledger_close_account(p_account bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    b public.ledger_balance%ROWTYPE := public.ledger_lock_open_account(p_account);
BEGIN
    IF b.balance <> 0 OR b.held <> 0 THEN
        RAISE EXCEPTION 'account % is not empty', p_account USING ERRCODE = 'WK011',
            DETAIL = jsonb_build_object('account', p_account, 'currency', b.currency,
                'balance', b.balance, 'held', b.held);
    END IF;
    UPDATE public.ledger_balance SET takes_debits = false, takes_credits = false, overdraft = 0,
           minimum = 0, floor = 0
     WHERE account_id = p_account;
    UPDATE public.ledger_ledgeraccount
       SET closed_date = (SELECT business_date FROM public.ledger_businessday),
           updated_at = clock_timestamp()
     WHERE id = p_account;
END $$;
