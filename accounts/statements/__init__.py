"""
Statements: transactions, search and statements of a deposit account. `kinds.py` holds what the
kinds of entries are called there.
"""
