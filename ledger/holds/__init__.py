"""Holds: part of a balance that is promised, so that nobody spends it twice before it is taken."""
