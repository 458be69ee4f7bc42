"""Proofs: questions whose only right answer is no row, asked of the books again and again."""
