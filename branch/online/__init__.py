"""The customer's own pages that span the floors: the front page, home, and how pages look to them."""
