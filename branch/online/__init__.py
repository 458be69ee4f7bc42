"""The customer's pages that span the floors: front page, home, how pages look to a person."""
