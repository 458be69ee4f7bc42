-- A voucher begins as a draft. Once a second person is asked, by a request about this very voucher, it
-- and its lines stay as they are; only the entry that it becomes is added, once. Drafts may go.
CREATE FUNCTION ledger_voucher_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF num_nonnulls(NEW.approval_id, NEW.entry_id) > 0 OR NEW.number <> '' THEN
            RAISE EXCEPTION 'a voucher begins as a draft' USING ERRCODE = 'WK112';
        END IF;
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.approval_id IS NOT NULL THEN
            RAISE EXCEPTION 'voucher % is kept', OLD.number USING ERRCODE = 'WK112';
        END IF;
        RETURN OLD;
    ELSIF OLD.approval_id IS NOT NULL THEN
        IF OLD.entry_id IS NOT NULL
           OR (to_jsonb(NEW) - '{entry_id,updated_at}'::text[])
              IS DISTINCT FROM (to_jsonb(OLD) - '{entry_id,updated_at}'::text[]) THEN
            RAISE EXCEPTION 'voucher % stays as it was asked for', OLD.number USING ERRCODE = 'WK112';
        END IF;
    ELSIF NEW.approval_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM public.ledger_approval a
                           WHERE a.id = NEW.approval_id AND a.deed = 'vouchers.post'
                             AND a.subject = 'ledger.voucher:' || NEW.id) THEN
        RAISE EXCEPTION 'voucher % is not what request % is about', NEW.number, NEW.approval_id
            USING ERRCODE = 'WK112';
    ELSIF (NEW.maker, NEW.maker_person, NEW.public_id, NEW.kind = 'REVERSAL', NEW.reverses_id)
          IS DISTINCT FROM
          (OLD.maker, OLD.maker_person, OLD.public_id, OLD.kind = 'REVERSAL', OLD.reverses_id) THEN
        RAISE EXCEPTION 'draft % keeps its maker', OLD.id USING ERRCODE = 'WK112';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION ledger_voucher_lines_stay() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.ledger_voucher v
                WHERE v.approval_id IS NOT NULL
                  AND (TG_OP <> 'DELETE' AND v.id = NEW.voucher_id
                       OR TG_OP <> 'INSERT' AND v.id = OLD.voucher_id)) THEN
        RAISE EXCEPTION 'the lines of a voucher stay as they were asked for' USING ERRCODE = 'WK112';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE TRIGGER ledger_voucher_stays BEFORE INSERT OR UPDATE OR DELETE ON ledger_voucher
    FOR EACH ROW EXECUTE FUNCTION ledger_voucher_stays();
CREATE TRIGGER ledger_voucher_lines_stay BEFORE INSERT OR UPDATE OR DELETE ON ledger_voucherline
    FOR EACH ROW EXECUTE FUNCTION ledger_voucher_lines_stay();
CREATE TRIGGER ledger_voucher_is_kept BEFORE TRUNCATE ON ledger_voucher
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_voucher_line_is_kept BEFORE TRUNCATE ON ledger_voucherline
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
ALTER TABLE ledger_voucher
    ENABLE ALWAYS TRIGGER ledger_voucher_stays,
    ENABLE ALWAYS TRIGGER ledger_voucher_is_kept;
ALTER TABLE ledger_voucherline
    ENABLE ALWAYS TRIGGER ledger_voucher_lines_stay,
    ENABLE ALWAYS TRIGGER ledger_voucher_line_is_kept;
