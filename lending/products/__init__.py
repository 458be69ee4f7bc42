"""Loan products: what the bank lends, on what terms from which day on, and what that would cost."""
