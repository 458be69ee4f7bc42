-- A payment that an app asked for lets go of its transfer, for another or because it is cancelled,
-- only once that transfer can never be sent: one payment is paid once, and what was paid stays so.
CREATE FUNCTION payments_initiation_keeps_its_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_transfer
                    WHERE id = OLD.transfer_id AND state IN ('CANCELLED', 'REJECTED')) THEN
        RAISE EXCEPTION 'payment % still has a transfer that is, or can be, sent', OLD.public_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER initiation_keeps_its_transfer
BEFORE UPDATE OF transfer_id, state ON payments_partnerpayment FOR EACH ROW
WHEN (OLD.transfer_id IS NOT NULL
      AND (NEW.transfer_id IS DISTINCT FROM OLD.transfer_id OR NEW.state = 'CANCELLED'))
EXECUTE FUNCTION payments_initiation_keeps_its_transfer();
