"""Credit: how a customer's money comes and goes, and how much of a loan it carries."""
