"""Schedules: when a loan is due, what of it is interest, what it costs a year; arithmetic only."""
