"""The loan officer's desk: applications that are with a person, by their clock, and the answer."""
