"""Changes that must never pass, kept as data for `./bank drill planted`."""
