"""Tariffs: what a service costs from which day on, and the excise that is inside the price."""
