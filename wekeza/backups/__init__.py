"""Backups of the bank: made in one snapshot, opened again to be believed, restored, thrown away."""
