-- A row of LoanPeriod ends with the schedule that it was made from: the next night makes it anew.
CREATE FUNCTION lending_period_ends() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE lending_loanperiod p SET valid_to = p.valid_from - 1
     WHERE p.loan_id IN (SELECT c.loan_id FROM changed c);
    RETURN NULL;
END $$;
CREATE TRIGGER lending_period_ends_with_new AFTER INSERT ON lending_loaninstalment
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION lending_period_ends();
CREATE TRIGGER lending_period_ends_with_changed AFTER UPDATE ON lending_loaninstalment
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION lending_period_ends();
