"""What every role may do, changed by two persons; and a role taken alone, in an emergency."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from accounts.staff import queries, reach
from accounts.staff.models import (
    BreakGlass,
    Permission,
    Role,
    RolePermission,
    StaffMember,
    StaffTerm,
)
from accounts.staff.refusals import (
    AlreadyJudged,
    BadSpan,
    NotAnEmergencyRole,
    NotForYou,
    NothingChanges,
    NotYourself,
    StillUnjudged,
    TooSoonAfterWrong,
    UnknownRole,
)
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.approvals.operations import Change
from ledger.approvals.refusals import ReasonMissing
from ledger.calendar import queries as calendar
from ledger.controls import audit, outbox
from wekeza.kit import words
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction

JUDGED = ("verdict", "verdict_note", "looked_at", "looked_at_by", "looked_person", "ends_at")
NAMED = 5  # So many people are named in what a change touches; of more, how many.


def ask_permission(
    role: Role,
    *,
    permission: Permission,
    is_held: bool,
    amount_up_to,
    start: date,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Approval:
    """
    This will ask a second person to let a role do something from a day on (`amount_up_to` in KES,
    None for any), or no longer.

    :raises BadSpan: if the day is over, or has a change of the same permission already.
    :raises UnknownRole: if customers hold the role, not staff.
    :raises NothingChanges: if the role stands so already on that day.
    :raises NotYourself: if whoever asks would be able to do more.
    """
    ours = RolePermission.objects.filter(role=role, permission=permission)
    if start < calendar.nairobi_date(at) or ours.filter(effective_from=start).exists():
        raise BadSpan()
    if not role.is_staff_role:
        raise UnknownRole(role=role.code)
    now = queries.matrix(on=start)[role.code].get(permission.code)
    if _reach(now) == _reach_of(is_held, amount_up_to):
        raise NothingChanges(role=role.label, permission=permission.code)
    touched = _touched(role, permission.code, is_held, amount_up_to, on=start, actor=actor)
    return approvals.propose(
        deed="staff.change_role",
        subject=role,
        payload={
            "role": role.code,
            "permission": permission.code,
            "is_held": is_held,
            "amount_up_to": "" if amount_up_to is None else str(amount_up_to),
            "from": start.isoformat(),
        },
        changes=[
            Change(permission.code, _reach(now), _reach_of(is_held, amount_up_to)),
            Change("From", "–", words.day(start)),
        ],
        impact=f"{_people(touched.gain, 'gain')}; {_people(touched.lose, 'lose')}",
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def change_role(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> None:
    """
    This will let a role do something, or no longer; the approved deed `staff.change_role`.

    :raises BadSpan: if the same day has a row already.
    :raises NotYourself: if whoever decides would be able to do more.
    """
    amount = Decimal(payload["amount_up_to"]) if payload["amount_up_to"] else None
    facts = {
        "role": Role.objects.get(code=payload["role"]),
        "permission_id": payload["permission"],
        "effective_from": max(date.fromisoformat(payload["from"]), calendar.nairobi_date(at)),
    }
    if RolePermission.objects.filter(**facts).exists():
        raise BadSpan()
    change = (payload["permission"], payload["is_held"], amount)
    _touched(facts["role"], *change, on=facts["effective_from"], actor=actor)
    RolePermission.objects.create(
        **facts,
        is_held=payload["is_held"],
        amount_up_to=amount,
        approval=approval,
    )
    audit.record(
        actor=actor,
        deed="staff.role_changed",
        subject=facts["role"],
        permission=payload["permission"],
        is_held=payload["is_held"],
    )


@transaction.atomic
def break_glass(
    staff: StaffMember, *, role: Role, reason: str, actor: Actor, at: datetime
) -> BreakGlass:
    """
    This will let somebody take a role for a short while, alone and at once, and alarm everybody who
    watches: an emergency. A second person judges it afterwards, before there is another one.

    :raises NotAnEmergencyRole: if the role cannot be taken so.
    :raises ReasonMissing: without a reason.
    :raises StillUnjudged: while nobody has judged their last one.
    :raises TooSoonAfterWrong: for some hours after one was judged wrong (`StaffTerm`).
    """
    if not role.break_glass_minutes or not staff.is_at_work:
        raise NotAnEmergencyRole(role=role.label)
    if not reason.strip():
        raise ReasonMissing()
    StaffMember.objects.select_for_update(of=("self",)).get(pk=staff.pk)
    _check_earlier(staff.person, at=at)
    taken = BreakGlass.objects.create(
        staff=staff,
        role=role,
        reason=reason.strip(),
        begun_at=at,
        ends_at=at + timedelta(minutes=role.break_glass_minutes),
        person=staff.person,
    )
    audit.record(actor=actor, deed="staff.glass_broken", subject=staff, role=role.code)
    outbox.publish("staff.glass_broken", {"emergency_id": taken.pk})
    return taken


@transaction.atomic
def judge(emergency: BreakGlass, *, is_right: bool, note: str, actor: Actor, at: datetime) -> None:
    """
    This will keep what a second person thinks of an emergency; it ends the role if it still runs.

    :raises NotYourself: if it is their own.
    :raises NotForYou: if the actor is no member of staff who may decide in every branch, as it
        reached into all.
    :raises AlreadyJudged: if somebody was first.
    :raises ReasonMissing: without a note.
    """
    row = BreakGlass.objects.select_for_update().get(pk=emergency.pk)
    if row.person == actor.person:
        raise NotYourself()
    if actor.kind != "STAFF":
        raise NotForYou(permission="staff.decide")
    queries.check_may(actor, "staff.decide", at=at)
    if row.verdict:
        raise AlreadyJudged()
    if not note.strip():
        raise ReasonMissing()
    row.verdict = BreakGlass.Verdict.RIGHT if is_right else BreakGlass.Verdict.WRONG
    row.verdict_note, row.looked_at = note.strip(), at
    row.looked_at_by, row.looked_person = str(actor), actor.person
    row.ends_at = min(row.ends_at, at) if at > row.begun_at else row.ends_at
    row.save(update_fields=JUDGED)
    audit.record(actor=actor, deed="staff.emergency_judged", subject=row, verdict=row.verdict)


def _check_earlier(person: str, *, at: datetime) -> None:
    theirs = BreakGlass.objects.filter(person=person)
    if unjudged := theirs.filter(verdict=BreakGlass.Verdict.NONE).first():
        raise StillUnjudged(since=words.moment(unjudged.begun_at))
    numbers = StaffTerm.numbers_on(calendar.nairobi_date(at))
    pause = timedelta(hours=numbers[StaffTerm.Kind.EMERGENCY_PAUSE_HOURS])
    wrong = theirs.filter(verdict=BreakGlass.Verdict.WRONG, looked_at__gt=at - pause)
    if last := wrong.order_by("looked_at").last():
        raise TooSoonAfterWrong(until=words.moment(last.looked_at + pause))


def _touched(
    role: Role, permission: str, is_held: bool, amount_up_to, *, on: date, actor: Actor
) -> reach.Touched:
    """Whom a change touches; nobody gives anything to themselves (reliability rule 23)."""
    touched = reach.touched_by(
        role, permission=permission, is_held=is_held, amount_up_to=amount_up_to, on=on
    )
    if any(member.person == actor.person for member in touched.gain):
        raise NotYourself()
    return touched


def _people(found: list[StaffMember], verb: str) -> str:
    """Who gains or loses something, in words that fit the page of the approval."""
    if not found:
        return f"Nobody {verb}s it"
    names = ", ".join(member.full_name[:24] for member in found[:NAMED])
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return f"{len(found)} {verb}{'s' if len(found) == 1 else ''} it: {names}{more}"


def _reach(row: RolePermission | None) -> str:
    return "No" if row is None else _reach_of(row.is_held, row.amount_up_to)


def _reach_of(is_held: bool, amount_up_to) -> str:
    if not is_held:
        return "No"
    return "Yes" if amount_up_to is None else f"Up to KES {amount_up_to:,.2f}"
