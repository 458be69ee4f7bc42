"""Privacy: what customers agreed to, who looked at their file, and what the bank holds on them."""
