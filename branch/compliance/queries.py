"""What the desk of compliance shows: payments, and what happened to an alert or a case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.monitoring import queries as monitoring
from accounts.monitoring.models import Alert, AlertEntry, MonitorCase, MonitorNote, MonitorRule
from accounts.staff.models import StaffMember
from accounts.statements.kinds import kind_of
from branch.workbench.queries import trail
from ledger.controls.audit import subject_of
from payments.approvals import queries as approvals
from wekeza.kit.actor import Actor

DEEDS = {
    "alert.raised": "Raised by the monitor",
    "alert.joined": "More payments joined it",
    "alert.taken": "Taken",
    "alert.noted": "Note",
    "alert.in_case": "Brought into a case",
    "alert.closed": "Closed as false, by two persons",
    "case.opened": "Case opened",
    "case.joined": "Another alert joined it",
    "case.noted": "Note",
    "case.suspected": "Suspicion formed",
    "case.handed_over": "Given to the reporting officer",
    "case.sent_back": "Sent back",
    "case.reported": "Reported to the FRC, by two persons",
    "case.closed": "Closed without a report, by two persons",
    "case.watched": "Watched from now on",
}
MOST_LINES = 200
MOST_DECIDED = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a history: when, what happened, who did it, and what they wrote."""

    at: datetime
    what: str
    who: str
    text: str = ""


def history(about: Alert | MonitorCase) -> list[Line]:
    """This will give what happened to an alert or a case, the newest first."""
    lines = [
        line for line in trail(subject=subject_of(about), most=MOST_LINES) if line.deed in DEEDS
    ]
    ids = [line.detail["note"] for line in lines if "note" in line.detail]
    notes = {str(note.pk): note.text for note in MonitorNote.objects.filter(pk__in=ids)}
    names = names_of(line.actor for line in lines)
    return [
        Line(
            line.recorded_at,
            DEEDS[line.deed],
            names.get(line.actor, "The bank's own tasks"),
            notes.get(line.detail.get("note", ""), line.detail.get("reason", "")),
        )
        for line in lines
    ]


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """This will give the names of members of staff by who they are in the trail."""
    ids = {ref for kind, _, ref in (actor.partition(":") for actor in actors) if kind == "STAFF"}
    rows = StaffMember.objects.filter(user_id__in=ids).values_list("user_id", "full_name")
    return {f"STAFF:{user}": name for user, name in rows}


def payments(alerts: list[Alert]) -> list[AlertEntry]:
    """
    This will give the payments that alerts stand on, each with the words of its kind; and with the
    people behind what a business paid.
    """
    rows = list(monitoring.entries_of(alerts))
    sent = [row.entry_id for row in rows if row.direction == "out"]
    behind = approvals.people_behind(sent)
    for row in rows:
        row.kind = kind_of(row.entry.kind, row.entry.memo)
        row.behind = behind.get(row.entry_id) if row.direction == "out" else None
    return rows


def people_behind(rows: Iterable[AlertEntry]) -> list[tuple[str, list[str]]]:
    """This will name who prepared and who approved payments, each person once."""
    behind = [row.behind for row in rows if row.behind]
    named = {
        "Prepared by": {one.maker for one in behind},
        "Approved by": {name for one in behind for name in one.approvers},
    }
    return [(label, sorted(names)) for label, names in named.items() if names]


def with_takers(alerts: Iterable[Alert]) -> list[Alert]:
    """This will give alerts with the name of whoever took each."""
    rows = list(alerts)
    names = names_of(row.taken_by for row in rows)
    for row in rows:
        row.taker = names.get(row.taken_by, "")
    return rows


def rules(actor: Actor) -> list[tuple[MonitorRule, int, int]]:
    """
    This will give the newest version of each rule, and of its verdicts all and the false; those
    about whoever looks are left out.
    """
    verdicts = monitoring.precision(actor=actor)
    newest = [monitoring.versions(code).first() for code in MonitorRule.Code.values]
    return [(row, *verdicts.get(row.code, (0, 0))) for row in newest if row]
