"""Arrears: how late each loan is, its class by the central bank, and how it gets better."""
