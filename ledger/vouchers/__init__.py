"""Vouchers: journals and reversals that people write by hand, each with two persons."""
