"""Affordability: what instalments a person's income carries, and how much of a loan that is."""
