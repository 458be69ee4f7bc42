"""Steps of the tests of what is known of borrowers: an officer asks, somebody else decides."""

from django.utils import timezone

from accounts.factories import StaffMemberFactory, staff_actor
from ledger.approvals import operations as approvals
from lending.watch import operations as watch
from lending.watch import queries

WHY = "Her family brought the certificate to the counter"


def officer(role="LOAN_OFFICER", **facts):
    """Somebody who asks, or who has another role."""
    return staff_actor(StaffMemberFactory(role_id=role, **facts))


def risk(**facts):
    """Somebody who decides."""
    return officer("RISK", **facts)


def ask(application, kind="DECEASED", *, actor=None, reason=WHY):
    return watch.ask(
        application, kind=kind, reason=reason, actor=actor or officer(), at=timezone.now()
    )


def ask_lift(application, mark, *, actor=None, reason="It was somebody of the same name"):
    return watch.ask_lift(
        mark, application=application, reason=reason, actor=actor or officer(), at=timezone.now()
    )


def agree(asked, actor=None):
    return approvals.approve(asked, digest=asked.digest, actor=actor or risk(), at=timezone.now())


def mark(application, kind="DECEASED"):
    """Asked for by an officer, and decided by risk."""
    agree(ask(application, kind))
    return queries.standing(application.party).get(kind=kind)


def lift(application, mark):
    agree(ask_lift(application, mark))
    mark.refresh_from_db()
    return mark
