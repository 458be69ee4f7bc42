"""
Transfers: a customer's instruction to move money to another account. `checks.py` holds what one
may do, `refusals.py` the words in which it is refused, `lookups.py` who a number belongs to, and
`notices.py` what both people are told.
"""
