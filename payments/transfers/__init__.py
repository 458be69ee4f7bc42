"""Transfers: a customer's instruction to move money to another account."""
