"""Loans: what was lent on which terms, its schedule, and the money going out."""
