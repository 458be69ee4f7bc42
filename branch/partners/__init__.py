"""The desk of partners: who applied, what their apps do, and stopping one at once."""
