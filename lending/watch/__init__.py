"""The watch: what is known of a borrower that no figure tells; two put it, and two lift it."""
