"""Looks at documents: one's own, those of an owner, their bounds, and links that expire."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core import signing
from django.db.models import Max, QuerySet

from accounts.documents.models import Document, DocumentTerm, DocumentView
from accounts.documents.refusals import LinkExpired, NoSuchDocument
from ledger.calendar import queries as calendar
from wekeza.kit.actor import Actor
from wekeza.kit.encryption import blind_index

Kind, State = Document.Kind, Document.State
# Papers that count for a while only, and the term that says for how long.
FRESH = {
    Kind.PROOF_OF_ADDRESS: DocumentTerm.Kind.ADDRESS_MONTHS,
    Kind.PROOF_OF_INCOME: DocumentTerm.Kind.INCOME_MONTHS,
}
_LINK = signing.Signer(salt="accounts.documents.link")


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a link opens, for whom and until when."""

    document: Document
    part: str
    why: str
    permission: str  # What staff need to open it; empty for the owner.


def terms_on(day: date) -> Mapping[str, int]:
    """This will give the bounds of documents in force on a day, by kind."""
    return DocumentTerm.numbers_on(day)


def most_megabytes(*, on: date) -> int:
    """This will give how large a file may be on a day, in MB."""
    return terms_on(on)[DocumentTerm.Kind.MAXIMUM_BYTES] // (1024 * 1024)


def standing_of(owner_ref: str) -> QuerySet[Document]:
    """This will give what an owner sent and was not disposed of, the newest first."""
    return (
        Document.objects.filter(owner_ref=owner_ref).exclude(state=State.DISPOSED).order_by("-id")
    )


def held_by(actor: Actor) -> list[Document]:
    """This will give the documents of the customer who acts, the newest first."""
    return list(standing_of(_owner_of(actor))) if actor.kind == "CUSTOMER" else []


def one_held_by(actor: Actor, *, public_id) -> Document:
    """
    This will give one document of the customer who acts.

    :raises NoSuchDocument: if it is not theirs; another's and none look the same.
    """
    if actor.kind == "CUSTOMER":
        found = standing_of(_owner_of(actor)).filter(public_id=public_id).first()
        if found is not None:
            return found
    raise NoSuchDocument


def views_of(document: Document) -> list[DocumentView]:
    """This will tell who looked at a document, the newest first."""
    return list(document.views.order_by("-id"))


def views_of_customer(customer) -> QuerySet[DocumentView]:
    """This will tell who looked at any paper of a customer, the newest first."""
    views = DocumentView.objects.filter(document__customer=customer).select_related("document")
    return views.order_by("-id")


def is_too_old(document: Document, *, on: date) -> bool:
    """
    This will say whether a proof of address or income is older on a day than it may be when it is
    shown (ADDRESS_MONTHS, INCOME_MONTHS), by the date on it or else the day it was sent.
    """
    term = FRESH.get(document.kind)
    if term is None:
        return False
    of = document.issued_date or calendar.nairobi_date(document.uploaded_at)
    return calendar.months_after(of, terms_on(on)[term]) < on


def held_on(customer) -> list[dict]:
    """This will give a customer's papers, also those disposed of, for the copy of their data."""
    return [
        {
            "kind": row.get_kind_display(),
            "state": row.get_state_display(),
            "reason": row.reason if row.state == State.DECLINED else "",
            "issued": row.issued_date,
            "valid_until": row.expires_date,
            "sent": row.uploaded_at,
            "decided": row.decided_at,
        }
        for row in Document.objects.filter(customer=customer).order_by("-id")
    ]


def content_index(content: bytes, *, owner_ref: str) -> str:
    """
    This will give the keyed hash by which one owner's same file is recognised. Another owner's has
    another: whoever looks a paper up by it finds nobody else's.
    """
    digest = hashlib.sha256(content).hexdigest()
    return blind_index(digest, context=f"document.content|{owner_ref}")


def paper_index(content: bytes) -> str:
    """
    This will give the keyed hash by which the same file is recognised whoever sent it: for the
    rules of fraud alone (lending/fraud).
    """
    return blind_index(hashlib.sha256(content).hexdigest(), context="document.paper")


def link_of(
    document: Document,
    *,
    user,
    session_key: str,
    why: str,
    at: datetime,
    part: str = "file",
    permission: str = "",
) -> str:
    """
    This will give a token that opens one document for some minutes (LINK_SECONDS), to this session
    of this user alone, while they hold `permission`, where there is one. `why` goes into the log
    of looks.
    """
    seconds = terms_on(calendar.nairobi_date(at))[DocumentTerm.Kind.LINK_SECONDS]
    until = int((at + timedelta(seconds=seconds)).timestamp())
    whose = [user.pk, _digest(session_key), permission]
    said = [str(document.public_id), part, why, until, *whose]
    return _LINK.sign_object(said, compress=True)


def read_link(token: str, *, user, session_key: str, at: datetime) -> Ticket:
    """
    This will read a token of `link_of`.

    :raises LinkExpired: if its minutes are over, or it belongs to another user or session, or is
        none of ours; to whoever holds it these look the same.
    """
    try:
        public_id, part, why, until, user_id, session, permission = _LINK.unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise LinkExpired from error
    if at.timestamp() >= until or user_id != user.pk or session != _digest(session_key):
        raise LinkExpired
    document = Document.objects.filter(public_id=public_id).exclude(state=State.DISPOSED).first()
    if document is None:
        raise LinkExpired
    return Ticket(document, part, why, permission)


def kept_until(document: Document) -> date | None:
    """
    This will give the day until which the law keeps a document; None while its customer's
    relationship lasts, and for documents that belong to no customer (kenya.md 7.4: identification
    records at least seven years after the end of the relationship).
    """
    customer = document.customer
    if customer is None or customer.status != customer.Status.CLOSED:
        return None
    ended = customer.deposit_accounts.aggregate(last=Max("closed_date"))["last"]
    if ended is None or customer.deposit_accounts.filter(closed_date=None).exists():
        return None
    return calendar.months_after(ended, terms_on(ended)[DocumentTerm.Kind.KEPT_MONTHS])


def _owner_of(actor: Actor) -> str:
    return f"customer:{actor.ref}"


def _digest(session_key: str) -> str:
    return hashlib.sha256(f"link|{session_key}".encode()).hexdigest()[:24]
