"""The books: accounts of the ledger, journal entries, controls and proofs."""
