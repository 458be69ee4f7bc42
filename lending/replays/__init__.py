"""Replays: a payment is taken back, or paid as of an earlier day, and later ones follow anew."""
