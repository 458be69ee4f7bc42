"""Decisions: who is lent what, with the figures and reasons, and taking the offer."""
