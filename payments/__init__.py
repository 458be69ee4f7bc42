"""Money in motion."""
