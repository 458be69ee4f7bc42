"""Scoring: cards of points as dated data, and what somebody's facts make by them, with reasons."""
