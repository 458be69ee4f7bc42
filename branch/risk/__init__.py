"""The desk of risk: whether the bank lends, stopping that at once, and every decision on a loan."""
