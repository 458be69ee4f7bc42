"""Reminders: a text before a due date and on it, in lawful hours, each once."""
