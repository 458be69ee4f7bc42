"""Notifications: texts and e-mails, queued with the deed and sent after it."""
