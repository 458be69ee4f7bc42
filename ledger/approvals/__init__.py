"""Approvals: deeds that one person asks for and another decides."""
