"""What is done at the desk: each button is one operation of the monitor."""

from datetime import datetime

from accounts.monitoring import cases, closing
from accounts.monitoring import operations as monitoring
from accounts.monitoring.models import Alert, MonitorCase
from accounts.monitoring.refusals import SuspicionMissing
from wekeza.kit.actor import Actor


def about_alert(alert: Alert, *, deed: str, text: str, actor: Actor, at: datetime):
    """
    This will take an alert, note something, ask to close it as false, or bring it into a case; it
    gives what was made, if that has a page of its own.

    :raises NotTaken: and every other refusal of accounts.monitoring and of an approval.
    """
    who = {"actor": actor, "at": at}
    if deed == "false":
        return closing.ask_false(alert, reason=text, **who)
    if deed == "case":
        return monitoring.open_case(alert, text=text, **who)
    if deed == "take":
        monitoring.take(alert, **who)
    else:
        monitoring.write_note(alert, text=text, **who)
    return None


def about_case(
    case: MonitorCase,
    *,
    deed: str,
    text: str,
    formed_at: datetime | None,
    report_no: str,
    actor: Actor,
    at: datetime,
):
    """
    This will do one thing about a case; it gives the request, if it takes two persons.

    :raises SuspicionMissing: and every other refusal of accounts.monitoring and of an approval.
    """
    who = {"actor": actor, "at": at}
    if deed in closing.VERDICTS:
        return closing.ask_verdict(case, to=deed, report_no=report_no, reason=text, **who)
    if deed == "suspicion":
        if formed_at is None:
            raise SuspicionMissing()
        cases.form_suspicion(case, formed_at=formed_at, text=text, **who)
        return None
    moves = {"over": cases.hand_over, "back": cases.send_back, "watch": cases.watch_on}
    moves.get(deed, monitoring.write_note)(case, text=text, **who)
    return None
