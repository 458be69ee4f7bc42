"""Deposits: customers' accounts, their numbers (`numbers.py`: the check digit) and their state."""
