"""Loans, from the application to the last repayment."""
