"""
Who may do what. There is no superuser: the only way to a permission is a role that two persons
gave, on a day on which it holds, in that branch, up to that amount, or an emergency.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet, prefetch_related_objects

from accounts.staff.models import (
    Branch,
    BreakGlass,
    Permission,
    Role,
    RoleGrant,
    RolePermission,
    StaffMember,
)
from accounts.staff.refusals import (
    NoSuchStaff,
    NotForYou,
    UnknownBranch,
    UnknownPermission,
    UnknownRole,
)
from accounts.staff.states import StaffState
from ledger.calendar import queries as calendar
from wekeza.kit.actor import Actor
from wekeza.kit.persons import id_index


@dataclass(frozen=True, slots=True)
class Held:
    """One permission as somebody holds it: by which role, where, and up to which amount in KES."""

    permission: str
    role: str
    branch: str  # Empty is every branch.
    amount_up_to: Decimal | None  # None is any amount.

    def covers(self, permission: str, *, branch: str | None, amount: Decimal | None = None) -> bool:
        """
        It is this permission, there and up to there. What names no branch ("") reaches into all of
        them, and only a role that holds in all of them covers it; None asks for no place.
        """
        in_reach = not self.branch or branch is None or self.branch == branch
        in_bounds = amount is None or self.amount_up_to is None or amount <= self.amount_up_to
        return self.permission == permission and in_reach and in_bounds


def permits(
    user,
    permission: str,
    *,
    at: datetime,
    branch: str | None = None,
    amount: Decimal | None = None,
) -> bool:
    """
    This will tell whether a login may do something at a moment, in a branch (empty: in all of them;
    None: somewhere, which opens pages and lets nothing be done), with an amount in KES (None: no
    amount is moved). Customers hold none of these.
    """
    return any(
        held.covers(permission, branch=branch, amount=amount) for held in held_by(user, at=at)
    )


def actor_may(
    actor: Actor,
    permission: str,
    *,
    at: datetime,
    amount: Decimal | None = None,
    branch: str | None = "",
) -> bool:
    """
    This will tell the same of an actor who does something or asks for it; in every branch, unless
    one is named. A task of the bank itself, and whoever stands at the bank's own machine, may ask
    for anything: a member of staff decides it (`deciding.may_decide`).
    """
    if actor.kind in {"TASK", "CONSOLE"}:
        return True
    staff = staff_of(actor)
    return staff is not None and permits(
        staff.user, permission, at=at, amount=amount, branch=branch
    )


def check_may(
    actor: Actor,
    permission: str,
    *,
    at: datetime,
    branch: str | None = "",
    amount: Decimal | None = None,
) -> None:
    """
    This will refuse a deed to whoever does not hold its permission in a branch (empty: in all), up
    to an amount in KES (None: no amount is moved).

    :raises NotForYou: then.
    """
    if not actor_may(actor, permission, at=at, branch=branch, amount=amount):
        raise NotForYou(permission=permission)


def held_by(user, *, at: datetime) -> list[Held]:
    """This will give every permission that a login holds at a moment; nothing to the suspended."""
    staff = member(user) if user.is_active else None
    return held_of(staff, at=at) if staff else []


def held_of(staff: StaffMember, *, at: datetime) -> list[Held]:
    """This will give every permission that a member of staff holds at a moment, if at work."""
    if not staff.is_at_work:
        return []
    day = calendar.nairobi_date(at)
    roles = with_parents()
    found = [
        (role, grant.branch_id or "", grant.amount_up_to)
        for grant in _grants(staff, day)
        for role in roles.get(grant.role_id, ())
    ]
    found += [
        (role, "", None)
        for taken in emergencies(staff, at=at)
        for role in roles.get(taken.role_id, ())
    ]
    return [
        Held(row.permission_id, role, branch, _lesser(row.amount_up_to, most))
        for row in in_force(day, role__in={role for role, _, _ in found})
        for role, branch, most in found
        if row.role_id == role
    ]


def member(user) -> StaffMember | None:
    """This will give the member of staff behind a login, if there is one."""
    if not user.is_authenticated:
        return None
    return StaffMember.objects.select_related("user", "branch").filter(user=user).first()


def invited(national_id: str) -> StaffMember | None:
    """This will give who was invited under a national ID and never came in, if somebody was."""
    rows = StaffMember.objects.select_related("user", "branch")
    index = id_index(national_id)
    return rows.filter(national_id_index=index, state=StaffState.INVITED).first()


def staff_of(actor: Actor) -> StaffMember | None:
    """This will give the member of staff who acts."""
    if actor.kind != "STAFF":
        return None
    return StaffMember.objects.select_related("user", "branch").filter(user_id=actor.ref).first()


def emergencies(staff: StaffMember, *, at: datetime) -> QuerySet[BreakGlass]:
    """This will give what somebody took in an emergency and still has."""
    return staff.emergencies.filter(begun_at__lte=at, ends_at__gt=at)


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """This will give the names of members of staff by how their actors are written ("STAFF:7")."""
    ids = [ref for kind, _, ref in (one.partition(":") for one in actors) if kind == "STAFF"]
    rows = StaffMember.objects.filter(user_id__in=ids).values_list("user_id", "full_name")
    return {f"STAFF:{user_id}": name for user_id, name in rows}


def numbered(actors: Iterable[str]) -> dict[str, str]:
    """This will give names as `names_of`, each with the staff number: Asha Noor (S-014)."""
    ids = [ref for kind, _, ref in (one.partition(":") for one in actors) if kind == "STAFF"]
    rows = StaffMember.objects.filter(user_id__in=ids)
    return {f"STAFF:{row.user_id}": f"{row.full_name} ({row.staff_no})" for row in rows}


def unjudged() -> QuerySet[BreakGlass]:
    """This will give the emergencies that nobody has looked at, the oldest first."""
    rows = BreakGlass.objects.filter(verdict=BreakGlass.Verdict.NONE)
    return rows.select_related("staff", "role").order_by("begun_at")


def emergency_roles() -> QuerySet[Role]:
    """This will give the roles that may be taken in an emergency."""
    return Role.objects.filter(break_glass_minutes__gt=0).order_by("label")


def members(*, at: datetime) -> list[tuple[StaffMember, list[RoleGrant]]]:
    """This will give everybody who works or worked here, with the roles they hold today."""
    day = calendar.nairobi_date(at)
    grants: dict[int, list[RoleGrant]] = {}
    for grant in RoleGrant.objects.on(day).filter(ended_at=None).select_related("role", "branch"):
        grants.setdefault(grant.staff_id, []).append(grant)
    rows = StaffMember.objects.select_related("branch").order_by("full_name", "pk")
    return [(row, grants.get(row.pk, [])) for row in rows]


def roles_of(staff: StaffMember, *, at: datetime) -> list[RoleGrant]:
    """This will give the roles that somebody holds today."""
    return list(_grants(staff, calendar.nairobi_date(at)).select_related("role", "branch"))


def grants_of(staff: StaffMember, *, at: datetime) -> list[RoleGrant]:
    """
    This will give every role that somebody was given, the newest first, each with its `standing`
    today: NOW, COMING or OVER.
    """
    day = calendar.nairobi_date(at)
    rows = staff.grants.select_related("role", "branch")
    found = list(rows.order_by("-effective_from", "-pk"))
    for row in found:
        is_over = row.ended_at or (row.effective_to and row.effective_to < day)
        row.standing = "OVER" if is_over else "COMING" if row.effective_from > day else "NOW"
    return found


def history_of(role: Role) -> list[RolePermission]:
    """This will give every change of what a role may do, the newest first."""
    rows = RolePermission.objects.filter(role=role).select_related("permission", "approval")
    return list(rows.order_by("-effective_from", "permission_id"))


def inherited(role: Role, *, on: date) -> list[RolePermission]:
    """This will give what a role may do on a day by itself and by the roles above it, by name."""
    rows = in_force(on, role__in=with_parents()[role.code])
    prefetch_related_objects(rows, "role", "permission")
    return sorted(rows, key=lambda row: (row.permission_id, row.role_id))


def staff_permissions(*, on: date) -> QuerySet[Permission]:
    """This will give the permissions that staff may hold: those that no customer's role has."""
    customers = Role.objects.filter(is_staff_role=False)
    theirs = {row.permission_id for row in in_force(on, role__in=customers)}
    return permissions().exclude(code__in=theirs)


def permission_by(code: str, *, on: date) -> Permission:
    """
    :raises UnknownPermission: if staff can hold no such permission.
    """
    found = staff_permissions(on=on).filter(code=code).first()
    if found is None:
        raise UnknownPermission(permission=code)
    return found


def holders_of(permission: str, *, on: date, everywhere: bool = False) -> QuerySet[StaffMember]:
    """
    This will give everybody at work who holds a permission on a day, in whatever branch, or
    `everywhere`: by a role that reaches into all of them. Emergencies do not count.
    """
    where = {"grants__branch": None} if everywhere else {}
    roles = {row.role_id for row in in_force(on, permission=permission)}
    heirs = [code for code, above in with_parents().items() if roles & set(above)]
    still = Q(grants__effective_to__isnull=True) | Q(grants__effective_to__gte=on)
    return (
        StaffMember.objects.filter(
            still,
            state=StaffState.ACTIVE,
            grants__ended_at=None,
            grants__role__in=heirs,
            grants__effective_from__lte=on,
            **where,
        )
        .select_related("user")
        .distinct()
    )


def matrix(*, on: date) -> dict[str, dict[str, RolePermission]]:
    """This will give what each role may do on a day by itself, without what is above it."""
    table: dict[str, dict[str, RolePermission]] = {role.code: {} for role in Role.objects.all()}
    for row in in_force(on):
        table[row.role_id][row.permission_id] = row
    return table


def member_by(public_id: UUID) -> StaffMember:
    """
    This will give one member of staff.

    :raises NoSuchStaff: if there is none.
    """
    found = StaffMember.objects.select_related("user", "branch").filter(public_id=public_id).first()
    if found is None:
        raise NoSuchStaff
    return found


def role_by(code: str) -> Role:
    """
    This will give a role.

    :raises UnknownRole: if there is none.
    """
    found = Role.objects.filter(code=code).first()
    if found is None:
        raise UnknownRole(role=code)
    return found


def branch_by(code: str | None) -> Branch | None:
    """
    This will give a branch; None is every branch.

    :raises UnknownBranch: if there is none.
    """
    if code is None:
        return None
    found = Branch.objects.filter(code=code).first()
    if found is None:
        raise UnknownBranch(branch=code)
    return found


def permissions() -> QuerySet[Permission]:
    """This will give every permission there is."""
    return Permission.objects.order_by("code")


def roles_on(day: date) -> list[Role]:
    """This will give every role with what it may do on a day by itself, as `held`."""
    table, roles = matrix(on=day), list(Role.objects.order_by("code"))
    for role in roles:
        role.held = set(table[role.code])
    return roles


def branches() -> QuerySet[Branch]:
    """This will give the bank's branches by code."""
    return Branch.objects.order_by("code")


def _grants(staff: StaffMember, day: date) -> QuerySet[RoleGrant]:
    return staff.grants.on(day).filter(ended_at=None)


def in_force(day: date, **wanted) -> list[RolePermission]:
    """Of the rows of one role and permission, the one that started last; if it still is held."""
    newest: dict[tuple, RolePermission] = {}
    for row in RolePermission.objects.on(day).filter(**wanted):
        newest.setdefault((row.role_id, row.permission_id), row)
    return [row for row in newest.values() if row.is_held]


def with_parents() -> dict[str, list[str]]:
    """Each role with everything above it; a circle of parents ends where it began."""
    parent = dict(Role.objects.values_list("code", "parent_id"))
    lines = {}
    for code in parent:
        line, at = [], code
        while at and at not in line:
            line.append(at)
            at = parent.get(at)
        lines[code] = line
    return lines


def _lesser(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return min((each for each in (one, other) if each is not None), default=None)
