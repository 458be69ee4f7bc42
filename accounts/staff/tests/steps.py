"""What administrators do with roles, for tests."""

from datetime import UTC, datetime

from accounts.factories import StaffMemberFactory, staff_actor
from accounts.staff import queries
from accounts.staff.models import StaffMember
from ledger.approvals import operations as approvals

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def second_person():
    """The actor of another administrator, who decides what the first one asked for."""
    return staff_actor(StaffMemberFactory(role_id="ADMINISTRATOR"))


def may(member, permission, **where):
    return queries.permits(
        StaffMember.objects.get(pk=member.pk).user, permission, at=where.pop("at", NOW), **where
    )


def agree(asked):
    """The second person says yes."""
    checker = staff_actor(StaffMemberFactory(role_id="ADMINISTRATOR"))
    approvals.approve(asked, digest=asked.digest, actor=checker, at=NOW)
