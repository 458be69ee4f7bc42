"""Customers: who they are, how they are taken on, and what they agreed to."""
