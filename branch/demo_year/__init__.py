"""How far the demo bank has lived its year, for every page that tells."""
