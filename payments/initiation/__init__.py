"""Payments that an app asks a customer for; the customer authorises them on the bank's own page."""
