"""Parsers of the formats in which lists are published: bytes in, entries out, nothing else."""
