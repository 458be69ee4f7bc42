"""Payments of a business: made by one member, signed by as many as its mandate asks, paid once."""
