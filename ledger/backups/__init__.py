"""Backups: which copies of the bank were kept, which were opened again, and what went wrong."""
