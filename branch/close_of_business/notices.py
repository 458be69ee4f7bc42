"""Telling the officers that the books do not hold."""

from datetime import datetime

from accounts.notifications import operations as notifications
from accounts.staff import queries as staff
from ledger.calendar import queries as calendar
from ledger.proofs.models import ProofRun


def tell_of_broken_books(*, run: int, at: datetime, **_) -> None:
    """This will text and mail everybody who runs or decides about the close, once for a round."""
    found = ProofRun.objects.get(pk=run)
    proof, subject, _fault = found.faults[0]
    facts = {"proof": proof, "subject": subject, "more": len(found.faults) - 1}
    told = set()
    for permission in ("close.run", "close.decide"):
        for member in staff.holders_of(permission, on=calendar.nairobi_date(at)):
            if member.pk in told:
                continue
            told.add(member.pk)
            for channel in ("SMS", "EMAIL"):
                notifications.queue(
                    user=member.user, channel=channel, kind="books_broken", context=facts
                )
