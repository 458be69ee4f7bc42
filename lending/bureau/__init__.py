"""The credit reference bureau: asking what others know of how somebody repays."""
