"""Comparing people and companies with sanctions, PEP and our own lists; cases of who is alike."""
