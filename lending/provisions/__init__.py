"""Provisions: what loans are expected to lose (IFRS 9), beside the central bank's minimum."""
