"""Partners at the door: their apps and keys, what customers let them see, and webhooks."""
