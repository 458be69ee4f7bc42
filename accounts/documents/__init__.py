"""Documents: papers and photos, cleaned, kept sealed, looked at by links that expire."""
