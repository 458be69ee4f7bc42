"""Repayments: what comes back, what each shilling of it paid, and what is still owed."""
