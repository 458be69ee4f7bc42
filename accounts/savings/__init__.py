"""Savings accounts: what they earn, day by day, and what must stay in them."""
