-- A yes of a committee is of another person than the maker, of nobody whom it concerns, before the
-- decision; and it stays.
CREATE FUNCTION ledger_signature_is_of_another() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.ledger_approval a
                    WHERE a.id = NEW.approval_id AND a.state = 'PENDING'
                      AND a.maker_person <> NEW.signer_person
                      AND NOT jsonb_exists(a.about, NEW.signer_person)) THEN
        RAISE EXCEPTION 'approval % is not for % to sign', NEW.approval_id, NEW.signer
            USING ERRCODE = 'WK110';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_signature_is_of_another BEFORE INSERT ON ledger_approvalsignature
    FOR EACH ROW EXECUTE FUNCTION ledger_signature_is_of_another();
CREATE TRIGGER ledger_signature_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_approvalsignature
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
-- Approved is what so many different persons said yes to, the checker the last of them.
CREATE FUNCTION ledger_approval_has_its_signatures() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM public.ledger_approvalsignature s
         WHERE s.approval_id = NEW.id AND s.signer_person <> NEW.checker_person)
       < NEW.checkers - 1 THEN
        RAISE EXCEPTION 'approval % takes % persons', NEW.id, NEW.checkers USING ERRCODE = 'WK110';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_approval_has_its_signatures BEFORE UPDATE ON ledger_approval
    FOR EACH ROW WHEN (NEW.state = 'APPROVED' AND NEW.checkers > 1)
    EXECUTE FUNCTION ledger_approval_has_its_signatures();
ALTER TABLE ledger_approvalsignature
    ENABLE ALWAYS TRIGGER ledger_signature_is_of_another,
    ENABLE ALWAYS TRIGGER ledger_signature_is_kept;
ALTER TABLE ledger_approval ENABLE ALWAYS TRIGGER ledger_approval_has_its_signatures;
