"""Statements: transactions, search and statements of a deposit account."""
