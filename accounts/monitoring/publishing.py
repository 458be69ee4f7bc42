"""How a rule changes: tried on the past, asked for, and published by a second person."""

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.monitoring import queries, typologies
from accounts.monitoring.models import MonitorRule
from accounts.monitoring.refusals import NothingNew, RuleTooEarly, VersionTaken
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.approvals.operations import Change
from ledger.calendar import queries as calendar
from ledger.controls import audit
from ledger.money import kes
from wekeza.kit import words
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction

# Parameters that are shillings, by the names under which a second person reads them.
MONEY = {
    "least_in": "What comes in, at least",
    "least_out": "What leaves, at least",
    "thresholds": "Thresholds",
}
TRIED_DAYS = 90  # What the second person is told: what it would have raised in these last days.


@transaction.atomic
def ask(
    rule: MonitorRule,
    *,
    parameters: dict,
    severity: str,
    is_on: bool,
    start: date,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Approval:
    """
    This will ask a second person for another version of a rule (`rule` is its newest), from a
    Nairobi day on, and tell them what it would have raised lately.

    :raises BadParameters: if they do not fit the rule.
    :raises RuleTooEarly: if it would begin before today.
    :raises NothingNew: if it says what the newest version says; and the refusals of an approval.
    """
    wanted = typologies.written(typologies.read(rule.code, parameters))
    if start < calendar.nairobi_date(at):
        raise RuleTooEarly()
    facts = {"severity": severity, "is_on": is_on, "parameters": wanted}
    if all(getattr(rule, name) == value for name, value in facts.items()):
        raise NothingNew(version=rule.version)
    return approvals.propose(
        deed="monitor.publish",
        subject=rule,
        payload=facts | {"code": rule.code, "version": rule.version + 1, "from": start.isoformat()},
        changes=_changes(rule, facts, start=start),
        impact=_impact(rule.code, wanted, is_on=is_on, actor=actor, at=at),
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def publish(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> None:
    """
    This will publish a version of a rule; the approved deed `monitor.publish`. It holds from its
    day on, or from today if that has passed.

    :raises VersionTaken: if another one was published meanwhile.
    :raises BadParameters: if the parameters no longer fit the rule.
    """
    newest = queries.versions(payload["code"]).first()
    if newest.version != payload["version"] - 1:
        raise VersionTaken(version=newest.version)
    typologies.read(payload["code"], payload["parameters"])
    row = MonitorRule.objects.create(
        code=payload["code"],
        version=payload["version"],
        is_on=payload["is_on"],
        severity=payload["severity"],
        parameters=payload["parameters"],
        effective_from=max(date.fromisoformat(payload["from"]), calendar.nairobi_date(at)),
        source=approval.reason[:140],
        approval=approval,
    )
    audit.record(actor=actor, deed="monitor_rule.published", subject=row, rule=row)


def _changes(rule: MonitorRule, facts: dict, *, start: date) -> list[Change]:
    before = rule.parameters | {"severity": rule.severity, "switched on": rule.is_on}
    after = facts["parameters"] | {
        "severity": facts["severity"],
        "switched on": facts["is_on"],
    }
    changed = [
        Change(_label(name), _said(before.get(name), name), _said(after[name], name))
        for name in after
        if before.get(name) != after[name]
    ]
    return [*changed, Change("From", "–", words.day(start))]


def _label(name: str) -> str:
    return MONEY.get(name) or name.replace("_", " ").capitalize()


def _said(value, name: str) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    values = value if isinstance(value, list) else [value]
    if name in MONEY and value is not None:
        values = [kes(one) for one in values]
    return ", ".join(str(one) for one in values)


def _impact(code: str, parameters: dict, *, is_on: bool, actor: Actor, at: datetime) -> str:
    if not is_on:
        return "The rule looks at nothing any more."
    today = calendar.nairobi_date(at)
    first = today - timedelta(TRIED_DAYS - 1)
    trial = queries.dry_run(code, parameters, first, today, at=at, seen_by=actor)
    return (
        f"In the last {TRIED_DAYS} days it would have raised {trial.hits} alerts about "
        f"{trial.holders} customers, with {words.plain(trial.kes)} in their payments."
    )
