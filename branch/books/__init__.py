"""The books as staff see them: trial balance, ledgers, the journal, vouchers and periods."""
