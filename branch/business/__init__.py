"""The first page of a business: its cash, what waits for the one who looks, and what happened."""
