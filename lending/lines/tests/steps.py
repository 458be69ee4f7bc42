"""Steps of tests of terms: two persons put a row in force."""

from django.utils import timezone

from accounts.factories import StaffMemberFactory, staff_actor
from ledger.approvals import operations as approvals
from ledger.approvals import terms


def decided(row):
    """One asks for a row of terms, another says yes; the row as it stands then."""
    maker, checker = (staff_actor(StaffMemberFactory(role_id="RISK")) for _ in range(2))
    at = timezone.now()
    asked = terms.ask(row, reason="Board paper 14", actor=maker, at=at)
    approvals.approve(asked, digest=asked.digest, actor=checker, at=at)
    return type(row).objects.get(approval=asked)
