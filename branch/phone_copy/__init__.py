"""A copy of one page on the customer's own phone, for where there is no network; off by default."""
