"""Who holds a role, and whose reach a change of what it may do would widen or narrow."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from accounts.staff import queries
from accounts.staff.models import Role, RoleGrant, StaffMember
from accounts.staff.states import StaffState

NOTHING, ANY = Decimal(-1), Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Touched:
    """Whose reach grows and whose shrinks by a change of a role."""

    gain: list[StaffMember]
    lose: list[StaffMember]


def grants_with(role: Role, *, on: date) -> list[RoleGrant]:
    """This will give who holds a role, or one below it that has all of it, on a day or later."""
    heirs = [code for code, above in queries.with_parents().items() if role.code in above]
    rows = _not_over(on).filter(role__in=heirs)
    return list(rows.order_by("staff__full_name", "pk"))


def touched_by(
    role: Role, *, permission: str, is_held: bool, amount_up_to: Decimal | None, on: date
) -> Touched:
    """
    This will tell whose reach grows or shrinks when a role may do something from a day on (up to
    `amount_up_to` in KES, None for any), or no longer; other roles that give the same count.
    """
    before = {
        row.role_id: _most(row.amount_up_to) for row in queries.in_force(on, permission=permission)
    }
    after = before | {role.code: _most(amount_up_to) if is_held else NOTHING}
    lines, grants = queries.with_parents(), {}
    for grant in _not_over(on):
        grants.setdefault(grant.staff, []).append(grant)
    touched = Touched([], [])
    for staff, held in grants.items():
        branches = {one.branch_id for one in held if role.code in lines[one.role_id]}
        was, will = (
            [_reach_in(branch, held, lines, table) for branch in branches]
            for table in (before, after)
        )
        pairs = list(zip(was, will, strict=True))
        if any(new > old for old, new in pairs):
            touched.gain.append(staff)
        if any(new < old for old, new in pairs):
            touched.lose.append(staff)
    return touched


def _reach_in(branch: str | None, held: list[RoleGrant], lines: dict, table: dict) -> Decimal:
    """Up to which amount somebody may do the thing of a table in a branch (None: in every one)."""
    return max(
        (
            min(_most(grant.amount_up_to), table[role])
            for grant in held
            if grant.branch_id in (None, branch)
            for role in lines[grant.role_id]
            if role in table
        ),
        default=NOTHING,
    )


def _most(amount: Decimal | None) -> Decimal:
    return ANY if amount is None else amount


def _not_over(day: date) -> QuerySet[RoleGrant]:
    """Roles of people at work that hold on a day, or will."""
    still = Q(effective_to__isnull=True) | Q(effective_to__gte=day)
    rows = RoleGrant.objects.filter(still, ended_at=None, staff__state=StaffState.ACTIVE)
    return rows.select_related("staff", "role", "branch").order_by("staff__full_name", "pk")
