"""Every task that runs by the clock, in one table: its name, the task, and when."""

SCHEDULE: dict[str, dict] = {}
