"""
The papers of a business: what its legal form asks for, sent by its directors, decided by staff. The
files are the business's own (`owner_ref`), sealed and shown by accounts.documents.
"""

import re
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.businesses import queries
from accounts.businesses.models import REGISTRATION_NO, Business, Member
from accounts.businesses.paper_models import PaperRequirement
from accounts.businesses.refusals import NoSuchPaper, PapersNotAccepted, YourOwnBusiness
from accounts.documents import operations as documents
from accounts.documents import queries as document_queries
from accounts.documents.models import Document
from accounts.kyc.queries import Need, Papers
from accounts.kyc.reasons import Reason
from accounts.notifications import operations as notifications
from ledger.calendar import queries as calendar
from ledger.controls import audit
from wekeza.kit.actor import Actor

Role = Member.Role
# What each paper is, in the words of the page on which it is sent.
HINTS = {
    Document.Kind.CERTIFICATE: _(
        "The certificate that the registrar gave the business, with its name and number."
    ),
    Document.Kind.REGISTRY_EXTRACT: _(
        "The CR12 of a company, or the official search of a business name: who directs and "
        "owns it now."
    ),
    Document.Kind.KRA_CERTIFICATE: _(
        "The PIN certificate of the business from iTax. Its PIN begins with P."
    ),
    Document.Kind.RESOLUTION: _(
        "The board’s minutes or resolution to open this account, signed and stamped."
    ),
    Document.Kind.PROOF_OF_ADDRESS: _(
        "A bill for water or power, a lease or a bank statement, with the name of the "
        "business and where it is."
    ),
}


def legal_form_of(business: Business) -> str:
    """This will tell the kind of a business: the registry writes it in front of its numbers."""
    return re.match(REGISTRATION_NO, business.registration_no)[1]


def needs_of(business: Business, *, on: date) -> list[Need]:
    """This will tell how far a business is with every paper its legal form asks for on a day."""
    rows = PaperRequirement.objects.on(on).filter(legal_form=legal_form_of(business))
    latest = {row.kind: row for row in rows.reverse()}  # Of two rows the later start holds.
    wanted = sorted((row for row in latest.values() if row.is_required), key=lambda row: row.pk)
    sent = Papers(business.owner_ref, on=on)
    return [sent.need(row.kind) for row in wanted]


def waits_for_papers(business: Business, *, on: date) -> bool:
    """This will tell whether a business was sent to the bank without all of its papers."""
    return business.is_submitted and not all(one.is_there for one in needs_of(business, on=on))


def need_of(business: Business, *, slug: str, on: date) -> Need:
    """
    This will find one paper that is asked for, by its word in the address.

    :raises NoSuchPaper: if a business of this form brings no such paper.
    """
    for need in needs_of(business, on=on):
        if need.slug == slug:
            return need
    raise NoSuchPaper


def paper_of(business: Business, *, public_id) -> Document:
    """
    This will find a document of a business.

    :raises NoSuchPaper: if it has none such; another's and none look the same.
    """
    found = document_queries.standing_of(business.owner_ref).filter(public_id=public_id).first()
    if found is None:
        raise NoSuchPaper
    return found


def check_accepted(business: Business, *, on: date) -> None:
    """
    This will let pass a business of which every paper that is asked for was accepted, and no newer
    one waits for a decision (kenya.md 7.1: registry extract, resolution and their like).

    :raises PapersNotAccepted: with the names of the others.
    """
    open_ones = [need for need in needs_of(business, on=on) if not need.is_met or need.newer]
    if open_ones:
        raise PapersNotAccepted(papers=", ".join(str(need.label) for need in open_ones))


def send(
    business: Business, *, slug: str, content: bytes, at: datetime, actor: Actor, **days
) -> Document:
    """
    This will take one paper of a business from a director; `days` are issued_date and expires_date
    as they stand on it. The bank decides on it; until then a newer one takes its place.

    :raises NotYourRole: if the actor is no director.
    :raises NoSuchPaper: if a business of this form brings no such paper.
    :raises Unreadable: and every other refusal of accounts.documents.operations.upload.
    """
    queries.membership(actor, business).must(Role.DIRECTOR)
    need = need_of(business, slug=slug, on=calendar.nairobi_date(at))
    return documents.upload(
        owner_ref=business.owner_ref,
        kind=need.code,
        content=content,
        actor=actor,
        at=at,
        **days,
    )


@transaction.atomic
def accept(
    business: Business,
    *,
    document: Document,
    actor: Actor,
    at: datetime,
    expires_date: date | None = None,
) -> None:
    """
    This will accept a paper; `expires_date` is its last day as the officer reads it.

    :raises NoSuchPaper: if it is no paper of the business.
    :raises YourOwnBusiness: if the officer acts for the business.
    :raises AlreadyDecided: if a colleague was first, or a newer one came.
    """
    _check_officer(business, document, actor=actor)
    documents.approve(document, actor=actor, at=at, expires_date=expires_date)
    audit.record(actor=actor, deed="business.paper_accepted", subject=business, kind=document.kind)


@transaction.atomic
def decline(
    business: Business, *, document: Document, reason: str, actor: Actor, at: datetime
) -> None:
    """
    This will decline a paper for a reason (a code of accounts.kyc.reasons); the directors are told,
    and read on its page why, with the tip that lets the next one pass.

    :raises NoSuchPaper: if it is no paper of the business.
    :raises YourOwnBusiness: if the officer acts for the business.
    :raises AlreadyDecided: if a colleague was first, or a newer one came.
    """
    _check_officer(business, document, actor=actor)
    documents.decline(document, reason=Reason(reason).value, actor=actor, at=at)
    audit.record(
        actor=actor,
        deed="business.paper_declined",
        subject=business,
        kind=document.kind,
        reason=reason,
    )
    facts = {"business": business.name, "paper": document.get_kind_display()}
    for person in queries.with_role(business, Role.DIRECTOR):
        notifications.queue(
            user=person.user, channel="SMS", kind="business_paper_declined", context=facts
        )


def _check_officer(business: Business, document: Document, *, actor: Actor) -> None:
    if document.owner_ref != business.owner_ref:
        raise NoSuchPaper
    if any(one.customer.actor.person == actor.person for one in queries.team_of(business)):
        raise YourOwnBusiness
