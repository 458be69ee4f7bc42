"""Controls: the audit trail, the outbox and inbox, and the keys that make a deed happen once."""
