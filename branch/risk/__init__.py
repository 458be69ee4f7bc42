"""The desk of risk: whether the bank lends, stopping that at once, and what a stop has blocked."""
