"""Staff: who works here, in which branch, with which roles; and what every role may do."""
