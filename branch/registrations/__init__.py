"""The desk of businesses: those that register, and what sole directors ask the bank to confirm."""
