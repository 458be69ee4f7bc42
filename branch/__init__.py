"""Every place where the bank meets people."""
