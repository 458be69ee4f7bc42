"""Fraud: rules that look at an application before it is scored, and the cases that they open."""
