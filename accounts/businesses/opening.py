"""
What the bank decides about a registration that was sent: two members of staff let it bank here, or
give it back to its directors.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.businesses import invitations, mandates, papers, queries, screening
from accounts.businesses.models import Business
from accounts.businesses.queries import Role
from accounts.businesses.refusals import (
    IntentChanged,
    NoSuchBusiness,
    NotADraft,
    NotComplete,
    PeopleNotChecked,
    StaffOnly,
)
from accounts.businesses.states import BUSINESSES, BusinessState
from accounts.deposits import operations as deposits
from accounts.notifications import operations as notifications
from ledger.calendar import queries as calendar
from ledger.controls import audit
from wekeza.kit.actor import Actor


def activate(*, payload: dict, approval, actor: Actor, at: datetime) -> Business:
    """
    This will open the bank to a business that was checked: it becomes active and gets its account,
    at tier BUSINESS (kenya.md 7.1). `payload` is {"business": its public id, "seen": its
    `queries.fingerprint_of` when it was asked for}; the deed "businesses.activate" of the
    approvals, decided by a second member of staff.

    Invitations that nobody has answered are withdrawn: waiting for them would let one slow person
    keep the business closed for a week, and the bank would not have checked who comes later.

    :raises StaffOnly: if somebody else decides.
    :raises NoSuchBusiness: if there is none.
    :raises NotADraft: if it is not waiting for the bank.
    :raises NotComplete: if a director has not signed, or too few people may sign payments.
    :raises PapersNotAccepted: while a paper that its legal form asks for is missing or undecided.
    :raises IntentChanged: if it is another registration by now than the one that was looked at.
    :raises PeopleNotChecked: while somebody of it is held by screening, or is on a list.
    """
    with transaction.atomic():
        row = _waiting(payload, actor=actor)
        papers.check_accepted(row, on=calendar.nairobi_date(at))
        if not screening.is_clear(row):
            raise PeopleNotChecked
        unsigned = queries.unsigned_directors(row)
        if unsigned:
            names = ", ".join(mandates.short_name(person.full_name) for person in unsigned)
            raise NotComplete(missing=_("the signature of {names}").format(names=names))
        bands = [band.needed for band in queries.bands_of(row)]
        there = len(queries.with_role(row, Role.SIGNATORY))
        if not bands or there < max(bands):
            raise NotComplete(missing=_("signatories: {n} have joined").format(n=there))
        BUSINESSES.move(row, to=BusinessState.ACTIVE, activated_at=at, updated_at=at)
        invitations.withdraw_all(row, at=at, actor=actor)
        account = deposits.open_business(business=row, actor=actor, at=at)
        audit.record(actor=actor, deed="business.activated", subject=row, approval=approval)
        for person in queries.with_role(row, Role.DIRECTOR):
            facts = {"business": row.name, "account": account.number}
            notifications.queue(
                user=person.user, channel="SMS", kind="business_active", context=facts
            )
    return row


def send_back(*, payload: dict, approval, actor: Actor, at: datetime) -> Business:
    """
    This will give a registration back to its directors, with what the bank still needs: `payload`
    is {"business": its public id, "seen": its fingerprint, "reason": words for them}; the deed
    "businesses.send_back".

    :raises StaffOnly: NoSuchBusiness, NotADraft or IntentChanged, as `activate`.
    """
    with transaction.atomic():
        row = _waiting(payload, actor=actor)
        BUSINESSES.move(row, to=BusinessState.DRAFT, updated_at=at)
        audit.record(actor=actor, deed="business.sent_back", subject=row, approval=approval)
        for person in queries.with_role(row, Role.DIRECTOR):
            facts = {"business": row.name, "reason": payload["reason"]}
            notifications.queue(
                user=person.user, channel="SMS", kind="business_sent_back", context=facts
            )
    return row


def _waiting(payload: dict, *, actor: Actor) -> Business:
    if actor.kind != "STAFF":
        raise StaffOnly
    row = Business.objects.select_for_update().filter(public_id=payload["business"]).first()
    if row is None:
        raise NoSuchBusiness
    if row.state != BusinessState.SUBMITTED:
        raise NotADraft(state=row.get_state_display())
    # Sent back and sent again, it is another one: what was asked about the first is over.
    if payload["seen"] != queries.fingerprint_of(row):
        raise IntentChanged
    return row
