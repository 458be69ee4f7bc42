"""Anybody verifies a receipt or a statement of the bank by its code."""
