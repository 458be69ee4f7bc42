"""Reads of privacy: who looked, what was asked and by when it is due, the terms of the law."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.documents import queries as documents
from accounts.privacy.models import DataRequest, FileAccess, FileView, PrivacyTerm
from accounts.privacy.refusals import NoSuchRequest
from accounts.privacy.states import RequestState
from ledger.calendar import queries as calendar
from wekeza.kit.actor import Actor

Term = PrivacyTerm.Kind
VIEWS_SHOWN = 20


class NoTerm(LookupError):
    """No row is in force: a gap in the bank's own tables."""


def term(kind: str, *, on: date) -> int:
    """
    This will give one figure of the law on a day.

    :raises NoTerm: if there is none.
    """
    row = PrivacyTerm.objects.on(on).filter(kind=kind).first()
    if row is None:
        raise NoTerm(f"{kind} on {on}")
    return row.value


def views_of(customer) -> QuerySet[FileView]:
    """
    This will give who looked at a file, as the customer may know it: nothing of looks that the law
    forbids to tell of (Proceeds of Crime and Anti-Money Laundering Act s.8, tipping-off).
    """
    shown = FileView.objects.exclude(purpose=FileView.Purpose.INVESTIGATION)
    return shown.filter(customer=customer).order_by("-id")


def has_access(customer, *, actor: Actor, at: datetime) -> bool:
    """This will tell whether a second person has opened a restricted file to somebody, now."""
    running = FileAccess.objects.filter(begun_at__lte=at, ends_at__gt=at)
    return running.filter(customer=customer, actor=str(actor)).exists()


def requests_of(customer) -> list[DataRequest]:
    """This will give what a customer asked about their data, the newest first."""
    return list(DataRequest.objects.filter(customer=customer).order_by("-id"))


def request_of(customer, public_id: UUID) -> DataRequest:
    """
    This will give one request of a customer.

    :raises NoSuchRequest: if it is not theirs.
    """
    row = DataRequest.objects.filter(customer=customer, public_id=public_id).first()
    if row is None:
        raise NoSuchRequest()
    return row


def waiting() -> QuerySet[DataRequest]:
    """This will give the requests that officers are to answer, the most urgent first."""
    rows = DataRequest.objects.filter(state=RequestState.OPEN).select_related("customer")
    return rows.order_by("due_date", "id")


def overdue(*, at: datetime) -> QuerySet[DataRequest]:
    """This will give the requests whose last Nairobi day is over."""
    return waiting().filter(due_date__lt=calendar.nairobi_date(at))


def views_held_on(customer) -> list[dict]:
    """This will give who looked at the file, for the copy of the data: roles, no names."""
    return [
        {"when": row.at, "role": row.role, "purpose": row.get_purpose_display()}
        for row in views_of(customer)
    ]


def paper_views_held_on(customer) -> list[dict]:
    """
    This will give who at the bank looked at the customer's papers, for the copy of the data: for a
    purpose that a file is opened for, and no look that the law forbids to tell of.
    """
    told = dict(FileView.Purpose.choices)
    told.pop(FileView.Purpose.INVESTIGATION)
    looks = documents.views_of_customer(customer).filter(why__in=told)
    return [
        {"when": row.seen_at, "what": row.document.get_kind_display(), "purpose": told[row.why]}
        for row in looks
    ]


def requests_held_on(customer) -> list[dict]:
    """This will give what was asked and answered, for the copy of the data."""
    return [
        {
            "kind": row.get_kind_display(),
            "words": row.words,
            "asked": row.asked_at,
            "answered": row.answered_at,
            "answer": row.answer,
        }
        for row in requests_of(customer)
    ]
