"""Asking: the pages on which a person asks for a loan that is paid back by instalments."""
