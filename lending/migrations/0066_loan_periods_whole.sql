-- A row of LoanPeriod stands for each active loan. It ends with what it was made from: a changed
-- schedule, interest paid ahead; the next night makes it anew.
INSERT INTO lending_loanperiod (loan_id, account_id, valid_from, valid_to, since, days, interest,
                                past, ahead, not_due)
SELECT id, ledger_account_id, '0001-01-01', '0001-01-01', start_date, 1, 0, 0, 0, 0
  FROM lending_loan WHERE state = 'ACTIVE'
ON CONFLICT (loan_id) DO NOTHING;

CREATE OR REPLACE FUNCTION lending_period_ends() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO lending_loanperiod AS p (loan_id, account_id, valid_from, valid_to, since, days,
                                         interest, past, ahead, not_due)
    SELECT l.id, l.ledger_account_id, '0001-01-01', '0001-01-01', l.start_date, 1, 0, 0, 0, 0
      FROM lending_loan l
     WHERE l.id IN (SELECT c.loan_id FROM changed c) AND l.state = 'ACTIVE'
    ON CONFLICT (loan_id) DO UPDATE SET valid_from = '0001-01-01', valid_to = '0001-01-01';
    RETURN NULL;
END $$;

CREATE FUNCTION lending_period_ends_ahead() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE lending_loanperiod p SET valid_from = '0001-01-01', valid_to = '0001-01-01'
     WHERE p.valid_to IS NOT NULL
       AND p.loan_id IN (SELECT c.loan_id FROM changed c WHERE c.unearned <> 0);
    RETURN NULL;
END $$;
CREATE TRIGGER lending_period_ends_with_payment AFTER INSERT ON lending_repayment
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION lending_period_ends_ahead();

CREATE FUNCTION lending_period_follows_state() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE lending_loanperiod p
       SET valid_from = CASE WHEN NEW.state = 'ACTIVE' THEN '0001-01-01'::date END,
           valid_to = CASE WHEN NEW.state = 'ACTIVE' THEN '0001-01-01'::date END
     WHERE p.loan_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER lending_period_ends_with_loan AFTER UPDATE ON lending_loan
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION lending_period_follows_state();
