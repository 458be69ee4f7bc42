"""Documents: papers and photos of customers, cleaned, kept sealed, looked at by links that expire."""
