"""Watching what was paid, and what compliance does with an alert."""

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.monitoring import queries, reading, typologies
from accounts.monitoring.models import (
    Alert,
    AlertEntry,
    AlertHit,
    MonitorCase,
    MonitorClock,
    MonitorMark,
    MonitorNote,
    MonitorRule,
)
from accounts.monitoring.refusals import NoteMissing, NotTaken
from accounts.monitoring.states import ALERT_WAITS, ALERTS, CASE_RUNS, AlertState
from accounts.monitoring.typologies import Finding
from ledger.calendar import queries as calendar
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed, inside_transaction

CHUNK = 2000  # Entries; each chunk is one transaction.


@deed
def watch_next(*, at: datetime, actor: Actor, most: int = CHUNK) -> bool:
    """
    This will look at the next entries that are surely committed, with the rules in force at `at`,
    and raise alerts; it tells whether there may be more to look at. Two at once do no harm: the
    second finds the mark taken and goes. Who dies leaves the mark where it was, and what is looked
    at twice is found once (AM12, AM16).
    """
    mark = MonitorMark.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if mark is None:
        return False
    if mark.read_to == mark.horizon_entry:
        return _set_horizon(mark, at=at)
    oldest, _ = reading.transactions_in_flight()
    if oldest < mark.horizon_xid:
        return False  # Somebody may still commit an entry with a smaller number; next time.

    last = reading.chunk_end(mark.read_to, most=most, until=mark.horizon_entry)
    look_at((mark.read_to + 1, last), at=at, actor=actor)
    mark.read_to, mark.updated_at = last, at
    mark.save(update_fields=["read_to", "updated_at"])
    return True


@deed
def take(alert: Alert, *, actor: Actor, at: datetime) -> Alert:
    """
    This will put an alert into somebody's hands.

    :raises NotTaken: if it no longer waits for anybody.
    :raises NotYours, AboutYourself: if it is not theirs to do.
    """
    row = _locked(alert, actor=actor, at=at)
    if row.state != AlertState.OPEN:
        raise NotTaken(state=row.get_state_display().lower())
    ALERTS.move(row, to=AlertState.TRIAGE, taken_by=str(actor), taken_at=at, updated_at=at)
    audit.record(actor=actor, deed="alert.taken", subject=row)
    return row


@deed
def write_note(about: Alert | MonitorCase, *, text: str, actor: Actor, at: datetime) -> MonitorNote:
    """
    This will keep what somebody found or did; a note is never changed.

    :raises NoteMissing: if it says nothing.
    :raises NotYours, AboutYourself: if it is not theirs to do.
    """
    queries.check_may(actor, "monitor.review", about=about, at=at)
    return add_note(about, text=text, actor=actor, at=at)


@deed
def open_case(alert: Alert, *, text: str, actor: Actor, at: datetime) -> MonitorCase:
    """
    This will bring an alert into the running case about its holder, or open one.

    :raises NotTaken: if nobody has taken it, or it had its verdict.
    :raises NoteMissing: without a word on why.
    :raises NotYours, AboutYourself: if it is not theirs to do.
    """
    row = _locked(alert, actor=actor, at=at)
    if row.state != AlertState.TRIAGE:
        raise NotTaken(state=row.get_state_display().lower())
    running = MonitorCase.objects.filter(state__in=CASE_RUNS)
    case, is_new = running.get_or_create(
        customer=row.customer, business=row.business, defaults={"opened_at": at}
    )
    ALERTS.move(row, to=AlertState.CASE, case_id=case.pk, updated_at=at)
    add_note(case, text=text, actor=actor, at=at)
    name = "case.opened" if is_new else "case.joined"
    audit.record(actor=actor, deed=name, subject=case, alert=row.pk)
    audit.record(actor=actor, deed="alert.in_case", subject=row, case=case.pk)
    return case


@deed
def keep_seen(about: Alert | MonitorCase, *, actor: Actor, at: datetime) -> None:
    """
    This will keep that somebody opened an alert or a case.

    :raises NotYours, AboutYourself: if it is not theirs to see.
    """
    queries.check_may(actor, "monitor.look", about=about, at=at)
    audit.record(actor=actor, deed=f"{about._meta.verbose_name}.seen", subject=about)


@inside_transaction
def add_note(about: Alert | MonitorCase, *, text: str, actor: Actor, at: datetime) -> MonitorNote:
    """
    This will write a note for a deed that has checked who acts.

    :raises NoteMissing: if it says nothing.
    """
    if not text.strip():
        raise NoteMissing()
    place = {"alert": about} if isinstance(about, Alert) else {"case": about}
    row = MonitorNote.objects.create(
        text=text.strip(), written_by=str(actor), written_at=at, **place
    )
    audit.record(actor=actor, deed=f"{about._meta.verbose_name}.noted", subject=about, note=row.pk)
    return row


def _set_horizon(mark: MonitorMark, *, at: datetime) -> bool:
    """Say how far the next look may go: the newest entry now, and who might still write before."""
    newest = reading.newest_entry()
    if newest == mark.read_to:
        return False
    mark.horizon_entry = newest
    _, mark.horizon_xid = reading.transactions_in_flight()
    mark.updated_at = at
    mark.save(update_fields=["horizon_entry", "horizon_xid", "updated_at"])
    return True


@inside_transaction
def look_at(entries: tuple[int, int], *, at: datetime, actor: Actor) -> None:
    """This will raise what the rules in force at `at` find by the entries of a range of numbers."""
    first, last = entries
    earliest, dates = reading.touched(first, last)
    rules = queries.rules_on(calendar.nairobi_date(at))
    if not earliest or not rules:
        return
    joins = queries.span(MonitorClock.Kind.APPEND, at=at)
    holders = list(earliest)
    for start in range(0, len(holders), reading.CHUNK):
        for holder, history in reading.histories(
            holders[start : start + reading.CHUNK],
            rules=[rule for _, rule in rules],
            since=calendar.nairobi_date(min(earliest.values())),
            until=dates[-1],
        ):
            for version, rule in rules:
                for found in typologies.look(rule, history):
                    if found.at >= earliest[holder] and found.by.entry_id <= last:
                        _raise(holder, version, found, joins=joins, at=at, actor=actor)


def _raise(
    holder: reading.Holder,
    version: MonitorRule,
    found: Finding,
    *,
    joins: timedelta,
    at: datetime,
    actor: Actor,
) -> None:
    """
    Open an alert, or add to the one that runs; what was found before is not found again. One whose
    case is decided runs no more: what comes afterwards is for somebody to look at.
    """
    kind, pk = holder
    whose = {f"{kind}_id": pk}
    before = Alert.objects.filter(rule__code=version.code, **whose)
    if AlertHit.objects.filter(alert__in=before, entry=found.by.entry_id).exists():
        return
    runs = Q(state__in=ALERT_WAITS) | Q(state=AlertState.CASE, case__state__in=CASE_RUNS)
    running = before.filter(runs, found_at__gt=found.at - joins)
    alert = running.select_for_update(of=("self",)).order_by("-found_at").first()
    is_new = alert is None
    if is_new:
        known = set(AlertEntry.objects.filter(alert__in=before).values_list("entry_id", flat=True))
        fresh = [row.at for row in found.rows if row.entry_id not in known]
        if not fresh:
            return  # A rule that became stricter finds what somebody has looked at already.
        alert = Alert.objects.create(
            rule=version,
            **whose,
            severity=version.severity,
            # The first payment that no earlier alert of this rule has told of.
            window_start=min(fresh),
            found_at=found.at,
            opened_at=at,
            due_at=at + queries.span(MonitorClock.Kind.TRIAGE, at=at),
        )
    _keep(alert, version, found)
    audit.record(
        actor=actor,
        deed="alert.raised" if is_new else "alert.joined",
        subject=alert,
        rule=version,
        entry=found.by.entry_id,
    )


def _keep(alert: Alert, version: MonitorRule, found: Finding) -> None:
    figures = {name: str(value) for name, value in found.figures.items()}
    AlertHit.objects.create(
        alert=alert,
        entry_id=found.by.entry_id,
        why=found.why,
        figures=figures | {"version": str(version.version)},
        found_at=found.at,
    )
    AlertEntry.objects.bulk_create(
        [
            AlertEntry(
                alert=alert,
                entry_id=row.entry_id,
                account_id=row.account_id,
                direction=row.direction,
                amount=row.amount,
                at=row.at,
            )
            for row in found.rows
        ],
        ignore_conflicts=True,
    )


def _locked(alert: Alert, *, actor: Actor, at: datetime) -> Alert:
    rows = Alert.objects.select_for_update(of=("self",))
    rows = rows.select_related("customer", "business", "rule")
    row = rows.get(pk=alert.pk)
    queries.check_may(actor, "monitor.review", about=row, at=at)
    return row
