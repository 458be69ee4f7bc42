"""Accounting periods: months that are closed by two persons, and the year end (decision 0020)."""
