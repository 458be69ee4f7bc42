"""Noting who opens a file, and what customers ask about their data."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.customers import operations as customers
from accounts.customers.models import Customer
from accounts.notifications import operations as notifications
from accounts.privacy import queries
from accounts.privacy.models import DataRequest, FileView
from accounts.privacy.refusals import (
    AlreadyAnswered,
    AlreadyAsked,
    PurposeMissing,
    WordsMissing,
)
from accounts.privacy.states import LIFECYCLE, RequestState
from ledger.calendar import queries as calendar
from ledger.controls import audit
from wekeza.kit import words as kit_words
from wekeza.kit.actor import Actor

Kind = DataRequest.Kind
SAME_TAP = timedelta(minutes=5)


@transaction.atomic
def note_view(
    customer: Customer, *, actor: Actor, purpose: str, at: datetime, role: str = "", words: str = ""
) -> FileView:
    """
    This will keep that somebody at the bank opens a customer's file, before it is shown. `purpose`
    is one of FileView.Purpose, which the customer sees with the `role`; `words` are the bank's own.

    :raises PurposeMissing: if it is none of them.
    """
    if purpose not in FileView.Purpose.values:
        raise PurposeMissing()
    view = FileView.objects.create(
        customer=customer,
        actor=str(actor),
        role=role[:60],
        purpose=purpose,
        words=words[:200],
        at=at,
    )
    audit.record(actor=actor, deed="customer.file_opened", subject=customer, purpose=purpose)
    return view


@transaction.atomic
def ask_copy(customer: Customer, *, at: datetime, actor: Actor) -> DataRequest:
    """
    This will keep that a customer asked for a copy of their data, which is made as it is opened;
    a second tap gives the same request. Whoever asks has confirmed it with PIN and code before.
    """
    _lock(customer)
    recent = DataRequest.objects.filter(
        customer=customer, kind=Kind.DOWNLOAD, asked_at__gt=at - SAME_TAP
    ).first()
    if recent is not None:
        return recent
    request = _ask(customer, Kind.DOWNLOAD, words="", at=at, actor=actor)
    _answer(request, text="", at=at, actor=actor)
    notifications.queue(user=customer.user, channel="SMS", kind="data_copied")
    return request


@transaction.atomic
def object_to(customer: Customer, *, words: str, at: datetime, actor: Actor) -> DataRequest:
    """
    This will keep an objection to a use of data, for an officer to answer within the law's days.

    :raises WordsMissing: if it does not say to what.
    :raises AlreadyAsked: while another one waits.
    """
    _lock(customer)
    if not words.strip():
        raise WordsMissing()
    waiting = DataRequest.objects.filter(
        customer=customer, kind=Kind.OBJECTION, state=RequestState.OPEN
    ).first()
    if waiting is not None:
        raise AlreadyAsked(due=kit_words.day(waiting.due_date))
    return _ask(customer, Kind.OBJECTION, words=words.strip(), at=at, actor=actor)


@transaction.atomic
def ask_erasure(
    customer: Customer, *, words: str, language: str, at: datetime, actor: Actor
) -> DataRequest:
    """
    This will answer a wish to be forgotten: what rests on consent alone ends at once, the rest is
    kept for the years of the law, which wins over erasure (kenya.md 7.6), and the answer says so.
    """
    _lock(customer)
    customers.choose_news(customer, agrees=False, language=language, at=at, actor=actor)
    request = _ask(customer, Kind.ERASURE, words=words.strip(), at=at, actor=actor)
    years = queries.term(queries.Term.KEEP_YEARS, on=calendar.nairobi_date(at))
    with translation.override(language):
        text = _(
            "We send you no more news and offers. The rest we must keep: your identification, "
            "your transactions and our messages about them, for {years} years after your last "
            "account is closed. The law against money laundering says so, and it wins over "
            "erasure. You can object to this answer, or complain to the Data Commissioner."
        ).format(years=years)
    _answer(request, text=text, at=at, actor=actor)
    return request


@transaction.atomic
def answer(request: DataRequest, *, text: str, at: datetime, actor: Actor) -> None:
    """
    This will answer a request in the bank's words, and tell the customer that it did.

    :raises WordsMissing: if there are none.
    :raises AlreadyAnswered: if somebody was first.
    """
    if not text.strip():
        raise WordsMissing()
    row = DataRequest.objects.select_for_update().get(pk=request.pk)
    if row.state != RequestState.OPEN:
        raise AlreadyAnswered()
    _answer(row, text=text.strip(), at=at, actor=actor)
    notifications.queue(user=row.customer.user, channel="SMS", kind="data_answered")


def _ask(customer, kind, *, words, at, actor) -> DataRequest:
    today = calendar.nairobi_date(at)
    days = queries.term(queries.Term.ANSWER_DAYS, on=today)
    request = DataRequest.objects.create(
        customer=customer,
        kind=kind,
        words=words,
        asked_at=at,
        due_date=today + timedelta(days=days),
    )
    audit.record(actor=actor, deed="privacy.asked", subject=request, kind=kind)
    return request


def _answer(request, *, text, at, actor) -> None:
    facts = {"answered_at": at, "answered_by": str(actor), "answer": text}
    LIFECYCLE.move(request, to=RequestState.ANSWERED, **facts)
    audit.record(actor=actor, deed="privacy.answered", subject=request)


def _lock(customer: Customer) -> None:
    Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
