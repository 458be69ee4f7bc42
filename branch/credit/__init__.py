"""The loan officer's desk: applications that are with a person, and each loan on one page."""
