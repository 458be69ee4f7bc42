"""
Lists are read, their entries and what was asked of them are only added, cases and versions go on
and never away. What the monitor found, noted and published stays as it is; closing, reporting and
publishing take two persons, by the database.
"""

from django.db import migrations

from wekeza.kit import rights

SCREENED = {
    "accounts_listentry": rights.ADD_ONLY,
    "accounts_screeningrun": rights.ADD_ONLY,
    "accounts_listversion": rights.KEPT,
    "accounts_screeningchunk": rights.KEPT,
    "accounts_hit": rights.KEPT,
    "accounts_listname": "UPDATE",
}
WATCHED = ["monitorrule", "alerthit", "alertentry", "monitornote", "monitorclock"]
MOVES = {
    "alert": "state, taken_by, taken_at, case_id, approval_id, updated_at",
    "monitorcase": "state, suspicion_formed_at, report_due_at, report_no, decided_at, "
    "watched_until, approval_id, updated_at",
    "monitormark": "read_to, horizon_entry, horizon_xid, updated_at",
}
# Table -> the deed of two persons, and when a row takes it.
TAKES_TWO = [
    ("monitorrule", "monitor.publish", "AFTER INSERT", ""),
    ("monitorclock", "terms.change", "AFTER INSERT", ""),
    ("alert", "monitor.close", "AFTER INSERT", "NEW.state <> 'OPEN'"),
    (
        "alert", "monitor.close", "AFTER UPDATE",
        "NEW.state = 'CLOSED_FALSE' AND OLD.state <> 'CLOSED_FALSE'",
    ),
    ("monitorcase", "monitor.close", "AFTER INSERT", "NEW.state <> 'INVESTIGATION'"),
    (
        "monitorcase", "monitor.close", "AFTER UPDATE",
        "NEW.state <> OLD.state AND (NEW.state IN ('STR_FILED', 'CLOSED_NO_STR') OR "
        "(NEW.state = 'POST_MONITORING' AND OLD.state NOT IN ('STR_FILED', 'CLOSED_NO_STR')))",
    ),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_businesses_partners_guards")]
    operations = [
        rights.take(SCREENED),
        rights.take({f"accounts_{name}": rights.ADD_ONLY for name in (*WATCHED, *MOVES)}),
        rights.give({f"accounts_{name}": f"UPDATE ({columns})" for name, columns in MOVES.items()}),
        rights.take({"accounts_monitormark": "INSERT"}),
        *(
            rights.takes_two(
                f"accounts_{name}", deed, event=event, when=when, name=f"monitor_takes_two_{number}"
            )
            for number, (name, deed, event, when) in enumerate(TAKES_TWO)
        ),
    ]
