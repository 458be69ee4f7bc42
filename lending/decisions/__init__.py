"""Decisions: who is lent what, with the figures and reasons, kept for ever; and taking the offer."""
