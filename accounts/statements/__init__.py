"""
Statements: transactions, search and statements of a deposit account. `kinds.py` holds what the
kinds of entries are called there, `rows.py` the lines that lists are made of.
"""
