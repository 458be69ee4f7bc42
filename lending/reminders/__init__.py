"""Reminders: a text before a due date, on it and after it, in lawful hours, each once."""
