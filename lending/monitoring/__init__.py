"""Monitoring of the score: what became of loans, and whether the cards still tell good from bad."""
