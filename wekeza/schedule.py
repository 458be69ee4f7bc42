"""Every task that runs by the clock, in one table: its name, the task, and when."""

SCHEDULE: dict[str, dict] = {
    # Codes are waited for, so events are told every second; a beat nobody took is worth nothing.
    "tell events": {"task": "outbox.sweep", "schedule": 1.0, "options": {"expires": 5}},
    "tell partners": {"task": "partners.deliver", "schedule": 1.0, "options": {"expires": 5}},
    "forget used partner tokens": {"task": "partners.forget_spent", "schedule": 24 * 3600.0},
    "let requests expire": {"task": "approvals.expire", "schedule": 300.0},
    "close the business date": {
        "task": "close_of_business.go_on",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "prove the books": {"task": "proofs.watch", "schedule": 60.0, "options": {"expires": 50}},
    "seal the journal": {"task": "proofs.seal", "schedule": 60.0, "options": {"expires": 50}},
    "watch payments": {"task": "monitoring.watch", "schedule": 60.0, "options": {"expires": 50}},
    "go on with new lists": {"task": "screening.go_on", "schedule": 6 * 3600.0},
    "write next year's holidays": {"task": "calendar.write_next_year", "schedule": 24 * 3600.0},
    "ask registers that were away": {"task": "registry.ask_unanswered", "schedule": 3600.0},
    "end stale sessions": {"task": "access.end_stale_sessions", "schedule": 300.0},
    "forget unfinished registrations": {"task": "access.forget_unfinished", "schedule": 3600.0},
    "let accounts follow their limits": {"task": "deposits.follow_limits", "schedule": 300.0},
    "let papers expire": {"task": "documents.expire", "schedule": 3600.0},
    "sweep sealed files": {"task": "documents.sweep", "schedule": 24 * 3600.0},
    "tell of papers that expire": {"task": "kyc.tell_expiring", "schedule": 3600.0},
    "tell businesses of papers that end": {
        "task": "businesses.tell_expiring",
        "schedule": 3600.0,
    },
    "let files of statements go": {"task": "statements.dispose", "schedule": 3600.0},
    "lower tiers after the notice": {"task": "kyc.lower_overdue", "schedule": 3600.0},
    "forget old calls of the API": {"task": "gateway.forget_calls", "schedule": 24 * 3600.0},
    # Asked every hour, done when the newest one is a day old: a bank that was shut has its turn.
    "back the bank up": {"task": "backups.daily", "schedule": 3600.0, "options": {"expires": 3000}},
    "remind of loans": {"task": "lending.remind", "schedule": 600.0},
    "text late borrowers": {"task": "lending.text_late", "schedule": 600.0},
    "forget old tokens": {"task": "gateway.forget_tokens", "schedule": 24 * 3600.0},
}
