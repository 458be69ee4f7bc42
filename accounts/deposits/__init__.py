"""Deposits: customers' accounts, their numbers and their state."""
