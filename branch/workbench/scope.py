"""
Whose work somebody sees: never more than the branches and amounts of their roles, and the work of
their own branch before that of the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.staff.queries import Held

ALL = "all"


@dataclass(frozen=True, slots=True)
class Scope:
    """The branches that somebody's roles reach (None: every one), their own, and their choice."""

    reach: frozenset[str] | None
    own: str
    is_all: bool

    @property
    def may_switch(self) -> bool:
        """There is more to see than the work of their own branch."""
        return self.reach != {self.own} and self.sees_own

    @property
    def sees_own(self) -> bool:
        """Their role holds in their own branch; a role for another one shows only that."""
        return self.reach is None or self.own in self.reach

    def seen(self, rows: QuerySet, path: str) -> QuerySet:
        """This will give the rows to show; `path` leads from a row to the code of its branch."""
        if path and self.sees_own and not self.is_all:
            return rows.filter(**{path: self.own})
        return self.reached(rows, path)

    def reached(self, rows: QuerySet, path: str) -> QuerySet:
        """This will give all rows of the branches that their roles reach."""
        if not path or self.reach is None:
            return rows
        return rows.filter(**{f"{path}__in": sorted(self.reach)})


def scope_of(request, *permissions: str) -> Scope:
    """This will tell whose work somebody sees who holds one of these permissions."""
    branches = {one.branch for one in request.grants if one.permission in permissions}
    return Scope(
        reach=None if "" in branches else frozenset(branches),
        own=request.staff.branch_id,
        is_all=wants_all(request),
    )


def wants_all(request) -> bool:
    """This will tell whether somebody chose to see more than the work of their own branch."""
    return request.GET.get("branch") == ALL


def covered(rows: QuerySet, grants: Iterable[Held]) -> QuerySet:
    """
    This will give the approvals that somebody's roles reach: permission, branch (one that names no
    branch takes a role in every branch) and amount, as `Held.covers`.
    """
    reached = Q(pk__in=[])
    for held in grants:
        one = Q(to_check=held.permission)
        if held.branch:
            one &= Q(branch=held.branch)
        if held.amount_up_to is not None:
            one &= Q(amount__isnull=True) | Q(amount__lte=held.amount_up_to)
        reached |= one
    return rows.filter(reached)
