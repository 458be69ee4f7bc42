"""The roof (settings, addresses, schedule, wiring) and the foundation (kit) of the house."""
