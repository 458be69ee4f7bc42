"""Measurements, each a program: what the bank's deeds cost beside a yardstick."""
