"""Collections: what is done about a late loan and when, and what its customer promises to pay."""
