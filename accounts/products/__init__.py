"""Products: what the bank offers and the control line each stands under."""
