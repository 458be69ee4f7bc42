"""What staff do at the workbench itself; the desks call the rooms' own operations."""

import secrets
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.access import mfa
from accounts.access import operations as access
from accounts.access.models import User
from accounts.customers import standing
from accounts.customers.models import Customer
from accounts.notifications import operations as notifications
from accounts.privacy import operations as privacy
from accounts.privacy import restricted
from accounts.privacy.refusals import OwnFile
from accounts.staff import operations as staff
from accounts.staff import queries as staff_queries
from accounts.staff import roles
from accounts.staff.models import Branch, BreakGlass, Role, RoleGrant, StaffMember
from accounts.staff.refusals import BadSpan, NoSuchEmergency, NoSuchGrant, NotForYou
from branch.workbench import queries
from branch.workbench.refusals import RestrictedFile, RoleMissing
from ledger.approvals import operations as approvals
from ledger.approvals.models import Approval
from ledger.approvals.refusals import ReasonMissing
from ledger.calendar import queries as calendar
from ledger.controls import audit
from lending.stops import operations as stops
from wekeza.kit.actor import Actor

HEAD_OFFICE = "001"
# The two persons of a founding, who let the first members of staff in.
FOUNDERS = [Actor("TASK", "founding", person=f"founder:{number}") for number in (1, 2)]


@stops.noting_stopped()  # A request may be one that lends.
def approve(
    approval: Approval, *, digest: str, code: str, note: str, user: User, actor: Actor, at: datetime
) -> Approval:
    """
    This will do what somebody else asked for, once, after the checker has shown their authenticator
    app again: a code that signs this very request (reliability rule 26).

    :raises WrongCode: if the code is not right; says how many tries are left.
    :raises CodeUsed: if it signed something before.
    :raises CodeLocked: after too many wrong ones.
    :raises NoAuthenticator: if the checker has no app.
    :raises OwnApproval: and every other refusal of ledger.approvals and of the deed.
    """
    mfa.verify(user=user, code=code, at=at, intent_digest=digest)
    return approvals.approve(approval, digest=digest, actor=actor, at=at, note=note)


def reject(approval: Approval, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """
    This will say no to what somebody else asked for.

    :raises ReasonMissing: without a reason; and every other refusal of ledger.approvals.
    """
    return approvals.reject(approval, reason=reason, actor=actor, at=at)


def withdraw(approval: Approval, *, actor: Actor, at: datetime) -> Approval:
    """
    This will take back what the same person asked for.

    :raises MayNotDecide: if it was somebody else.
    :raises AlreadyDecided: if it is decided.
    """
    return approvals.withdraw(approval, actor=actor, at=at)


@transaction.atomic
def note_search(*, kind: str, found: int, member, actor: Actor) -> None:
    """
    This will keep that somebody searched for customers and businesses: by what, not for whom, and
    how many were found.
    """
    audit.record(actor=actor, deed="customer.searched", subject=member, kind=kind, found=found)


def open_file(
    customer: Customer, *, purpose: str, member: StaffMember, actor: Actor, at: datetime
) -> None:
    """
    This will open a customer's file to somebody for a purpose, and keep that it was opened; the
    customer sees in which role and why, unless the law forbids to tell. Customers come to any
    branch, so files open in every branch (docs/decisions/0017-branch-scope.md).

    :raises NotForYou: if they may look at no customers.
    :raises OwnFile: if it is their own.
    :raises RestrictedFile: if the file is restricted and they may not open it now.
    :raises PurposeMissing: without a purpose.
    """
    staff_queries.check_may(actor, "customer.look", at=at, branch=None)
    if customer.actor.person == actor.person:
        raise OwnFile()
    if queries.is_closed_to(member, customer, actor=actor, at=at):
        raise RestrictedFile()
    roles = ", ".join(grant.role.label for grant in staff_queries.roles_of(member, at=at))
    privacy.note_view(customer, actor=actor, purpose=purpose, role=roles, at=at)


def ask_access(
    customer: Customer, *, reason: str, member: StaffMember, actor: Actor, at: datetime
) -> Approval:
    """
    This will ask a second person to open a restricted file to somebody for a while.

    :raises OwnFile: if it is their own; and the refusals of an approval.
    """
    return restricted.ask_access(customer, name=member.full_name, reason=reason, actor=actor, at=at)


@transaction.atomic
def reveal_id(customer: Customer, *, reason: str, actor: Actor, at: datetime) -> str:
    """
    This will give a customer's whole ID number, after it is kept who saw it and why.

    :raises NotForYou: if the actor may not reveal numbers in this branch.
    :raises ReasonMissing: without a reason.
    """
    staff_queries.check_may(actor, "customer.reveal", at=at, branch=customer.branch_id)
    if not reason.strip():
        raise ReasonMissing()
    audit.record(actor=actor, deed="customer.id_revealed", subject=customer, why=reason.strip())
    return customer.national_id


def change_standing(
    customer: Customer, *, deed: str, reason: str, actor: Actor, at: datetime
) -> None:
    """
    This will stop a customer at once, or ask a second person to let them go on.

    :raises AlreadyStopped: and every other refusal of accounts.customers.standing.
    """
    change = standing.suspend if deed == "suspend" else standing.ask_lift
    change(customer, reason=reason, actor=actor, at=at)


@transaction.atomic
def hire(
    *,
    full_name: str,
    email: str,
    phone: str,
    national_id: str,
    branch: Branch,
    role: Role,
    in_every_branch: bool,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Approval:
    """
    This will make a login for somebody new, which stays shut, and ask a second person to let them
    work here. Then they choose their own password by "Forgot your password?", and a second factor.

    Who was invited before and refused is asked for anew, with what is said now.

    :raises LoginTaken: if the e-mail address or the phone belongs to a login.
    :raises StaffIdTaken: if they work here already; and the refusals of an approval.
    """
    known = staff_queries.invited(national_id)
    if known is not None:
        user = access.readdress(known.user, email=email, phone=phone)
    else:
        user = access.open_login(
            email=email,
            phone=phone,
            password=secrets.token_urlsafe(32),
            is_confirmed=False,
            is_active=False,
        )
    return staff.invite(
        user,
        full_name=full_name,
        national_id=national_id,
        branch=branch,
        role=role,
        in_every_branch=in_every_branch,
        reason=reason,
        actor=actor,
        at=at,
    )


def found(
    *,
    email: str,
    phone: str,
    full_name: str,
    national_id: str,
    password: str,
    secret: str,
    role: str = "ADMINISTRATOR",
    in_every_branch: bool = True,
    at: datetime,
) -> StaffMember:
    """
    This will let somebody work here whom no colleague can admit yet: the first administrators of a
    bank, and the staff of the demo bank. `secret` is the key of their authenticator app, in base32.

    :raises StaffIdTaken: if they work here already.
    """
    user = access.open_login(email=email, phone=phone, password=password)
    access.mfa.install_app(user=user, secret=secret)
    asked = staff.invite(
        user,
        full_name=full_name,
        national_id=national_id,
        branch=Branch.objects.get(pk=HEAD_OFFICE),
        role=Role.objects.get(pk=role),
        in_every_branch=in_every_branch,
        reason="Founding of the bank",
        actor=FOUNDERS[0],
        at=at,
    )
    approvals.approve(asked, digest=asked.digest, actor=FOUNDERS[1], at=at)
    return StaffMember.objects.get(user=user)


def change_member(
    member: StaffMember,
    *,
    deed: str,
    role: Role | None,
    branch: Branch | None,
    start: date | None,
    end: date | None,
    amount_up_to: Decimal | None,
    grant: int | None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """
    This will do one thing about a member of staff: ask for their admission, a role or a return,
    which takes two, or end a role, suspend or dismiss, which one person does at once.

    :raises BadSpan: without a first day.
    :raises RoleMissing: if they are to be admitted without a role.
    :raises NoSuchGrant: if they do not hold the role to be ended.
    :raises NotForYou: and every other refusal of accounts.staff and of approvals.
    """
    who = {"reason": reason, "actor": actor, "at": at}
    if deed == "admit":
        if role is None:
            raise RoleMissing()
        staff.ask_admission(member, role=role, branch=branch, **who)
    elif deed == "give":
        if start is None or role is None:
            raise BadSpan()
        span = {"start": start, "end": end, "amount_up_to": amount_up_to}
        staff.ask_role(member, role=role, branch=branch, **span, **who)
    elif deed == "end":
        held = RoleGrant.objects.filter(pk=grant, staff=member).first()
        if held is None:
            raise NoSuchGrant
        staff.end_role(held, **who)
    elif deed == "suspend":
        staff.suspend(member, **who)
    elif deed == "dismiss":
        staff.dismiss(member, **who)
    else:
        staff.ask_return(member, **who)


def emergency(*, role, emergency, verdict, reason, member, actor, at) -> None:
    """
    This will take a role in an emergency, or judge one that somebody else took.

    :raises NoSuchEmergency: if there is none to judge.
    :raises NotForYou: if judging is not theirs; and every refusal of accounts.staff.roles.
    """
    if emergency is not None:
        row = BreakGlass.objects.filter(pk=emergency).first()
        if row is None:
            raise NoSuchEmergency
        roles.judge(row, is_right=verdict == "right", note=reason, actor=actor, at=at)
        return
    if role is None:
        raise NotForYou(permission="a role for emergencies")
    roles.break_glass(member, role=role, reason=reason, actor=actor, at=at)


@transaction.atomic
def alarm(*, emergency_id: int, at: datetime, **_) -> None:
    """This will tell everybody who watches that somebody took a role alone (break-glass)."""
    taken = BreakGlass.objects.select_related("staff", "role").get(pk=emergency_id)
    facts = {"name": taken.staff.full_name, "role": taken.role.label, "reason": taken.reason}
    watchers = staff_queries.holders_of("staff.decide", on=calendar.nairobi_date(at))
    for watcher in watchers.exclude(pk=taken.staff_id):
        for channel in ("SMS", "EMAIL"):
            notifications.queue(
                user=watcher.user, channel=channel, kind="glass_broken", context=facts
            )
