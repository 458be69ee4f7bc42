"""Balances on any business date: as a date closed, the trial balance, one account's ledger."""
