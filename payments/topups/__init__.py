"""Top-ups: money that comes in over a funding rail at the customer's own request."""
