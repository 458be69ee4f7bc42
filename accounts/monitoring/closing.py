"""Closing and reporting take two persons: one asks, another, who may decide, says yes or no."""

from datetime import datetime

from accounts.monitoring import queries
from accounts.monitoring.cases import locked
from accounts.monitoring.models import Alert, MonitorCase
from accounts.monitoring.refusals import (
    NotTaken,
    NoVerdict,
    ReportMissing,
    SuspicionMissing,
)
from accounts.monitoring.states import ALERTS, CASES, AlertState, CaseState
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.approvals.operations import Change
from ledger.controls import audit
from wekeza.kit.actor import Actor
from wekeza.kit.db import deed, inside_transaction
from wekeza.kit.states import IllegalMove

VERDICTS = (CaseState.STR_FILED, CaseState.CLOSED_NO_STR)


@deed
def ask_false(alert: Alert, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person to close an alert as false. The request names nobody: it
    stands in an inbox.

    :raises NotTaken: if nobody has taken it, or it had its verdict.
    :raises NotYours, AboutYourself: if it is not theirs to do; and the refusals of an approval.
    """
    queries.check_may(actor, "monitor.review", about=alert, at=at)
    _check_taken(alert)
    return approvals.propose(
        deed="monitor.close",
        subject=alert,
        payload={"alert": alert.pk, "to": AlertState.CLOSED_FALSE.value},
        changes=[_change(alert, AlertState.CLOSED_FALSE)],
        impact=f"Alert {alert.pk}: {alert.type}, found {alert.hits.count()} times",
        reason=reason,
        actor=actor,
        at=at,
    )


@deed
def ask_verdict(
    case: MonitorCase, *, to: str, report_no: str, reason: str, actor: Actor, at: datetime
) -> Approval:
    """
    This will ask for the end of a case: reported to the FRC under `report_no`, or closed without.

    :raises NoVerdict: if `to` is neither.
    :raises ReportMissing: if it is to be reported and has no number.
    :raises SuspicionMissing: if it is to be reported and nobody said when the suspicion was formed.
    :raises IllegalMove: if it is not with the reporting officer.
    :raises NotYours, AboutYourself: if it is not theirs to do; and the refusals of an approval.
    """
    queries.check_may(actor, "monitor.review", about=case, at=at)
    number = report_no.strip() if to == CaseState.STR_FILED else ""
    _check_verdict(case, to=to, report_no=number)
    changes = [_change(case, CaseState(to))]
    if number:
        changes.append(Change("Number of the report", "", number))
    return approvals.propose(
        deed="monitor.close",
        subject=case,
        payload={"case": case.pk, "to": to, "report_no": number},
        changes=changes,
        impact=f"Case {case.pk} with {case.alerts.count()} alerts",
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def close(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> None:
    """
    This will close an alert, or close or report a case; the approved deed `monitor.close`.

    :raises NotTaken: if the alert had its verdict meanwhile.
    :raises SuspicionMissing, IllegalMove: if the case no longer is as it was.
    :raises AboutYourself: if it is about whoever decides.
    """
    if "alert" in payload:
        rows = Alert.objects.select_for_update(of=("self",))
        row = rows.select_related("customer", "business").get(pk=payload["alert"])
        queries.check_may(actor, "monitor.decide", about=row, at=at)
        _check_taken(row)
        ALERTS.move(row, to=payload["to"], approval_id=approval.pk, updated_at=at)
        audit.record(actor=actor, deed="alert.closed", subject=row, reason=approval.reason)
        return
    case = MonitorCase(pk=payload["case"])
    case = locked(case, permission="monitor.decide", actor=actor, at=at)
    _check_verdict(case, to=payload["to"], report_no=payload["report_no"])
    CASES.move(
        case,
        to=payload["to"],
        report_no=payload["report_no"],
        approval_id=approval.pk,
        decided_at=at,
        updated_at=at,
    )
    is_report = case.state == CaseState.STR_FILED
    name = "case.reported" if is_report else "case.closed"
    audit.record(actor=actor, deed=name, subject=case, reason=approval.reason)


def _check_taken(alert: Alert) -> None:
    if alert.state != AlertState.TRIAGE:
        raise NotTaken(state=alert.get_state_display().lower())


def _check_verdict(case: MonitorCase, *, to: str, report_no: str) -> None:
    if to not in VERDICTS:
        raise NoVerdict()
    if case.state != CaseState.MLRO_REVIEW:
        raise IllegalMove(thing="case", now=case.get_state_display(), to=CaseState(to).label)
    if to == CaseState.STR_FILED and case.suspicion_formed_at is None:
        raise SuspicionMissing()
    if to == CaseState.STR_FILED and not report_no:
        raise ReportMissing()


def _change(row: Alert | MonitorCase, to) -> Change:
    return Change("State", row.get_state_display(), to.label)
