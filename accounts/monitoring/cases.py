"""What compliance and the reporting officer (MLRO) do with a case (kenya.md 7.4 and 7.5)."""

from datetime import datetime

from accounts.monitoring import queries
from accounts.monitoring.models import MonitorCase, MonitorClock
from accounts.monitoring.operations import add_note
from accounts.monitoring.refusals import SuspicionOutOfTime
from accounts.monitoring.states import CASES, CaseState
from ledger.controls import audit
from wekeza.kit import words
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed
from wekeza.kit.states import IllegalMove


@deed
def form_suspicion(
    case: MonitorCase, *, formed_at: datetime, text: str, actor: Actor, at: datetime
) -> MonitorCase:
    """
    This will keep when the suspicion was formed, once: the two days to report run from then
    (kenya.md 7.4). `text` says what it rests on.

    :raises SuspicionOutOfTime: if that was before the first payment of the case, or is to come.
    :raises NoteMissing: without a word on what it rests on.
    :raises IllegalMove: if it was formed already, or the case is decided.
    """
    row = locked(case, permission="monitor.review", actor=actor, at=at)
    if not row.runs or row.suspicion_formed_at:
        raise IllegalMove(thing="case", now=row.get_state_display(), to="suspected again")
    earliest = min(row.alerts.values_list("window_start", flat=True), default=row.opened_at)
    if not earliest <= formed_at <= at:
        raise SuspicionOutOfTime(earliest=words.moment(earliest))
    add_note(row, text=text, actor=actor, at=at)
    row.suspicion_formed_at = formed_at
    row.report_due_at = formed_at + queries.span(MonitorClock.Kind.REPORT, at=at)
    row.updated_at = at
    row.save(update_fields=["suspicion_formed_at", "report_due_at", "updated_at"])
    audit.record(actor=actor, deed="case.suspected", subject=row, formed_at=formed_at)
    return row


@deed
def hand_over(case: MonitorCase, *, text: str, actor: Actor, at: datetime) -> MonitorCase:
    """
    This will give a case to the reporting officer, with what was found.

    :raises NoteMissing: without a word on what was found.
    :raises IllegalMove: if it is there already, or decided.
    """
    row = locked(case, permission="monitor.review", actor=actor, at=at)
    return _move(row, CaseState.MLRO_REVIEW, "case.handed_over", text=text, actor=actor, at=at)


@deed
def send_back(case: MonitorCase, *, text: str, actor: Actor, at: datetime) -> MonitorCase:
    """
    This will send a case back to be looked into further; the reporting officer says what for.

    :raises NoteMissing: without a word on what for.
    :raises IllegalMove: if it is not with the reporting officer.
    """
    row = locked(case, permission="monitor.decide", actor=actor, at=at)
    return _move(row, CaseState.INVESTIGATION, "case.sent_back", text=text, actor=actor, at=at)


@deed
def watch_on(case: MonitorCase, *, text: str, actor: Actor, at: datetime) -> MonitorCase:
    """
    This will have a decided case watched for the time that the clock says.

    :raises NoteMissing: without a word on what to watch for.
    :raises IllegalMove: if it is not decided, or is watched already.
    """
    row = locked(case, permission="monitor.review", actor=actor, at=at)
    until = at + queries.span(MonitorClock.Kind.WATCH, at=at)
    to = CaseState.POST_MONITORING
    return _move(row, to, "case.watched", text=text, actor=actor, at=at, watched_until=until)


def locked(case: MonitorCase, *, permission: str, actor: Actor, at: datetime) -> MonitorCase:
    """
    This will lock a case for a deed.

    :raises NotYours, AboutYourself: if it is not theirs to do.
    """
    rows = MonitorCase.objects.select_for_update(of=("self",)).select_related(
        "customer", "business"
    )
    row = rows.get(pk=case.pk)
    queries.check_may(actor, permission, about=row, at=at)
    return row


def _move(row, to, deed_name: str, *, text: str, actor: Actor, at: datetime, **facts):
    CASES.move(row, to=to, updated_at=at, **facts)
    add_note(row, text=text, actor=actor, at=at)
    audit.record(actor=actor, deed=deed_name, subject=row)
    return row
