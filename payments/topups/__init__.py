"""
Top-ups: money that comes in over a funding rail at the customer's own request. `refusals.py` holds
the words in which one is refused, `notices.py` what its holder is told.
"""
