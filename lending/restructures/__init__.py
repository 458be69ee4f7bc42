"""Restructures: a loan agreed anew, asked for, proposed, approved by a second person, signed."""
