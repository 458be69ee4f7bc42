"""
What can be done to those who work here. To give takes two persons; to take away takes one, at once.

Nobody gives anything to themselves, not as a maker and not as a checker (reliability rule 23).
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from accounts.access import operations as access
from accounts.staff import queries
from accounts.staff.models import Branch, Role, RoleGrant, StaffMember
from accounts.staff.refusals import (
    BadSpan,
    LoginIsCustomers,
    NotYourself,
    StaffIdTaken,
    UnknownRole,
)
from accounts.staff.states import STAFF, StaffState
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.approvals.operations import Change
from ledger.approvals.refusals import ReasonMissing
from ledger.calendar import queries as calendar
from ledger.controls import audit, outbox
from wekeza.kit import words
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction
from wekeza.kit.persons import id_index
from wekeza.kit.states import IllegalMove

FIRST_NUMBER = 1001


@transaction.atomic
def invite(
    user,
    *,
    full_name: str,
    national_id: str,
    branch: Branch,
    role: Role,
    in_every_branch: bool = False,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Approval:
    """
    This will write down a new member of staff behind a login, and ask a second person to admit
    them with their first role. Until then they cannot come in. Of who was invited before and
    refused, what is said now holds.

    :raises StaffIdTaken: if somebody with this ID works here, did, or is invited already.
    :raises LoginIsCustomers: if a customer is behind the login.
    :raises NotYourself: if it is the asker's own ID.
    :raises MayNotAsk: without the permission in the branch, or in all if the role holds in all.
    """
    if hasattr(user, "customer"):
        raise LoginIsCustomers()
    staff = queries.invited(national_id)
    if staff is None or staff.user != user:
        staff = StaffMember(
            user=user,
            staff_no=_next_number(),
            national_id=national_id,
            national_id_index=id_index(national_id),
        )
    staff.full_name, staff.branch = full_name.strip(), branch
    _write_down(staff, actor=actor)
    where = None if in_every_branch else branch
    return ask_admission(staff, role=role, branch=where, reason=reason, actor=actor, at=at)


def ask_admission(
    staff: StaffMember,
    *,
    role: Role,
    branch: Branch | None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Approval:
    """
    This will ask a second person to let somebody come in with a first role, in a branch or in every
    one (None): who was invited, also after that was refused, or who left the bank and comes back.

    :raises NotYourself: if it is the asker.
    :raises IllegalMove: if they work here, or were only sent home.
    :raises UnknownRole: if customers hold the role, not staff.
    """
    _not_yourself(staff, actor)
    _check_out(staff)
    if not role.is_staff_role:
        raise UnknownRole(role=role.code)
    return approvals.propose(
        deed="staff.admit",
        subject=staff,
        payload={
            "staff": staff.pk,
            "role": role.code,
            "branch": branch.code if branch else "",
        },
        changes=[
            Change("Name", "", staff.full_name),
            Change("E-mail", "", staff.user.email),
            Change("Branch", "", str(staff.branch)),
            Change("State", staff.get_state_display(), str(StaffState.ACTIVE.label)),
            Change("Role", "", role.label),
            Change("Holds it in", "", str(branch) if branch else "Every branch"),
        ],
        reason=reason,
        branch=branch.code if branch else "",
        actor=actor,
        at=at,
    )


@inside_transaction
def admit(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> None:
    """
    This will let an invited member of staff come in, or one who left come back, with their first
    role; the approved deed `staff.admit`. Their e-mail address and phone count from now on.

    :raises NotYourself: if they are to decide about themselves.
    :raises IllegalMove: if they were admitted since.
    :raises LoginTaken: if another login has confirmed their phone meanwhile.
    """
    staff = _locked(payload["staff"])
    _not_yourself(staff, actor)
    _check_out(staff)
    STAFF.move(staff, StaffState.ACTIVE, approval_id=approval.pk)
    access.let_in(staff.user)
    staff.user.is_staff = True
    staff.user.save(update_fields=["is_staff", "updated_at"])
    _give(
        staff,
        role=_role(payload["role"]),
        branch=payload["branch"],
        approval=approval,
        start=calendar.nairobi_date(at),
        end=None,
    )
    audit.record(actor=actor, deed="staff.admitted", subject=staff, role=payload["role"])


def ask_role(
    staff: StaffMember,
    *,
    role: Role,
    branch: Branch | None,
    start: date,
    end: date | None,
    amount_up_to: Decimal | None = None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Approval:
    """
    This will ask a second person to give somebody a role from a day to a day (both in Nairobi, the
    last one included; None is open), in one branch or in all of them, up to an amount in KES or as
    far as the role goes (None).

    :raises NotYourself: if it is the asker.
    :raises BadSpan: if the days are over or end before they start.
    :raises UnknownRole: if customers hold the role, not staff.
    """
    _not_yourself(staff, actor)
    if start < calendar.nairobi_date(at) or (end is not None and end < start):
        raise BadSpan()
    if not role.is_staff_role:
        raise UnknownRole(role=role.code)
    present = ", ".join(str(grant.role_id) for grant in queries.roles_of(staff, at=at))
    return approvals.propose(
        deed="staff.grant_role",
        subject=staff,
        payload={
            "staff": staff.pk,
            "role": role.code,
            "branch": branch.code if branch else "",
            "from": start.isoformat(),
            "to": end.isoformat() if end else "",
            "amount_up_to": "" if amount_up_to is None else str(amount_up_to),
        },
        changes=[
            Change("Roles", present or "–", f"{present}, {role.code}".strip(", ")),
            Change("Branch", "–", str(branch) if branch else "Every branch"),
            Change("From", "–", words.day(start)),
            Change("To", "–", words.day(end) if end else "No end"),
            *([] if amount_up_to is None else [Change("Up to", "–", f"KES {amount_up_to:,.2f}")]),
        ],
        reason=reason,
        branch=branch.code if branch else "",
        actor=actor,
        at=at,
    )


@inside_transaction
def grant_role(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> None:
    """
    This will give somebody a role; the approved deed `staff.grant_role`. It begins today if its
    first day passed while it waited.

    :raises NotYourself: if they are to decide about themselves.
    :raises BadSpan: if its last day has passed.
    """
    staff = _locked(payload["staff"])
    _not_yourself(staff, actor)
    start = max(date.fromisoformat(payload["from"]), calendar.nairobi_date(at))
    end = date.fromisoformat(payload["to"]) if payload["to"] else None
    if end is not None and end < start:
        raise BadSpan()
    _give(
        staff,
        role=_role(payload["role"]),
        branch=payload["branch"],
        approval=approval,
        start=start,
        end=end,
        amount_up_to=payload["amount_up_to"] or None,
    )
    audit.record(actor=actor, deed="staff.role_given", subject=staff, role=payload["role"])


@transaction.atomic
def end_role(grant: RoleGrant, *, reason: str, actor: Actor, at: datetime) -> None:
    """
    This will take a role away at once; one person is enough.

    :raises NotForYou: if the actor may not administer the staff of this branch.
    :raises ReasonMissing: without a reason.
    """
    queries.check_may(actor, "staff.administer", at=at, branch=grant.staff.branch_id)
    if not reason.strip():
        raise ReasonMissing()
    row = RoleGrant.objects.select_for_update().get(pk=grant.pk)
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_by = at, str(actor)
    row.save(update_fields=["ended_at", "ended_by", "updated_at"])
    audit.record(
        actor=actor, deed="staff.role_ended", subject=row.staff, role=row.role_id, reason=reason
    )


@transaction.atomic
def suspend(staff: StaffMember, *, reason: str, actor: Actor, at: datetime) -> None:
    """
    This will send somebody home at once: no door opens to their login any more.

    :raises NotForYou: if the actor may not administer the staff of this branch.
    :raises ReasonMissing: without a reason.
    :raises IllegalMove: if they are not at work.
    """
    _leave(staff, to=StaffState.SUSPENDED, reason=reason, actor=actor, at=at)


@transaction.atomic
def dismiss(staff: StaffMember, *, reason: str, actor: Actor, at: datetime) -> None:
    """
    This will end somebody's time at the bank at once, and every role with it.

    :raises NotForYou: if the actor may not administer the staff of this branch.
    :raises ReasonMissing: without a reason.
    :raises IllegalMove: if they have left already.
    """
    _leave(staff, to=StaffState.TERMINATED, reason=reason, actor=actor, at=at)
    for grant in staff.grants.filter(ended_at=None):
        end_role(grant, reason=reason, actor=actor, at=at)


def ask_return(staff: StaffMember, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will ask a second person to let somebody who was sent home come back.

    :raises NotYourself: if it is the asker.
    :raises IllegalMove: if they were not sent home.
    """
    _not_yourself(staff, actor)
    _check_suspended(staff)
    return approvals.propose(
        deed="staff.resume",
        subject=staff,
        payload={"staff": staff.pk},
        changes=[Change("State", staff.get_state_display(), str(StaffState.ACTIVE.label))],
        reason=reason,
        branch=staff.branch_id,
        actor=actor,
        at=at,
    )


@inside_transaction
def resume(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> None:
    """
    This will let somebody who was sent home come back; the approved deed `staff.resume`.

    :raises NotYourself: if they are to decide about themselves.
    :raises IllegalMove: if they left the bank since.
    """
    staff = _locked(payload["staff"])
    _not_yourself(staff, actor)
    _check_suspended(staff)
    STAFF.move(staff, StaffState.ACTIVE, approval_id=approval.pk)
    staff.user.is_active = True
    staff.user.save(update_fields=["is_active", "updated_at"])
    audit.record(actor=actor, deed="staff.resumed", subject=staff)


def _write_down(staff: StaffMember, *, actor: Actor) -> None:
    _not_yourself(staff, actor)
    try:
        with transaction.atomic():
            if staff.pk is None:
                staff.save(force_insert=True)
            else:
                staff.save(update_fields=["full_name", "branch", "updated_at"])
    except IntegrityError as error:
        if "national_id_index" not in str(error):
            raise
        raise StaffIdTaken() from None  # The database's words hold the number's hash.
    audit.record(actor=actor, deed="staff.invited", subject=staff)


def _check_out(staff: StaffMember) -> None:
    if not staff.is_out:
        raise IllegalMove(thing="member of staff", now=staff.get_state_display(), to="admitted")


def _check_suspended(staff: StaffMember) -> None:
    if staff.state != StaffState.SUSPENDED:
        raise IllegalMove(thing="member of staff", now=staff.get_state_display(), to="let back")


def _leave(staff: StaffMember, *, to: str, reason: str, actor: Actor, at: datetime) -> None:
    queries.check_may(actor, "staff.administer", at=at, branch=staff.branch_id)
    if not reason.strip():
        raise ReasonMissing()
    row = _locked(staff.pk)
    STAFF.move(row, to, approval_id=None)  # Coming back takes an approval of its own.
    row.user.is_active = False
    row.user.save(update_fields=["is_active", "updated_at"])
    deed = "staff.suspended" if to == StaffState.SUSPENDED else "staff.dismissed"
    audit.record(actor=actor, deed=deed, subject=row, reason=reason)
    outbox.publish("staff.left", {"user": row.user_id})
    staff.refresh_from_db()


def _give(
    staff, *, role: Role, branch: str, approval: Approval, start: date, end, amount_up_to=None
) -> None:
    RoleGrant.objects.create(
        staff=staff,
        role=role,
        branch_id=branch or None,
        effective_from=start,
        effective_to=end,
        amount_up_to=amount_up_to,
        approval=approval,
    )


def _not_yourself(staff: StaffMember, actor: Actor) -> None:
    if staff.person == actor.person:
        raise NotYourself()


def _locked(pk: int) -> StaffMember:
    return StaffMember.objects.select_for_update(of=("self",)).select_related("user").get(pk=pk)


def _role(code: str) -> Role:
    return Role.objects.get(code=code)


def _next_number() -> str:
    """The next free number; whoever invites at the same time waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('staff.number'))")
    last = StaffMember.objects.order_by("-pk").values_list("staff_no", flat=True).first()
    return f"W{int(last[1:]) + 1 if last else FIRST_NUMBER}"
