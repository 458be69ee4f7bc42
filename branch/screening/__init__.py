"""The desk of name screening: cases that two persons decide, and the lists that they come from."""
