"""Every task that runs by the clock, in one table: its name, the task, and when."""

SCHEDULE: dict[str, dict] = {
    # Codes are waited for, so events are told every second; a beat nobody took is worth nothing.
    "tell events": {"task": "outbox.sweep", "schedule": 1.0, "options": {"expires": 5}},
    "open the business date": {"task": "calendar.follow_the_clock", "schedule": 60.0},
    "watch payments": {"task": "monitoring.watch", "schedule": 60.0, "options": {"expires": 50}},
    "write next year's holidays": {"task": "calendar.write_next_year", "schedule": 24 * 3600.0},
    "forget unfinished registrations": {"task": "access.forget_unfinished", "schedule": 3600.0},
}
