"""Limits: tiers and what each may hold and send, as dated rows."""
