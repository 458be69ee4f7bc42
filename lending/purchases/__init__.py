"""Purchases: what is bought with a loan, what of its value is lent, and who sells it."""
