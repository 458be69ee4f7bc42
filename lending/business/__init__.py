"""Businesses: loans that they ask for on their turnover, how much it carries, and the answer."""
