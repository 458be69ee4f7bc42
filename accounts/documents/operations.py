"""Taking papers in, deciding on them, showing them, and letting go of them."""

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.customers import queries as customers
from accounts.documents import queries, sandbox
from accounts.documents.models import Document, DocumentTerm, DocumentView
from accounts.documents.refusals import (
    AlreadyDecided,
    DeclinedBefore,
    EmptyFile,
    FileTooLarge,
    KeptByLaw,
    LinkExpired,
    NoSuchDocument,
    PaperBeingChecked,
    PaperFromTomorrow,
    PaperOver,
    PaperTooOld,
    PaperUndated,
    PurposeMissing,
    SameFile,
    StillNeeded,
    TooManyPages,
    TooManyPixels,
    TooManyWaiting,
    Unreadable,
)
from accounts.documents.states import LIFECYCLE
from ledger.calendar import queries as calendar
from ledger.controls import audit
from wekeza.kit import sealed_files
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction
from wekeza.kit.states import LostRace
from wekeza.kit.words import day

__all__ = [
    "AlreadyDecided",
    "DeclinedBefore",
    "EmptyFile",
    "FileTooLarge",
    "KeptByLaw",
    "LinkExpired",
    "LostRace",
    "NoSuchDocument",
    "PaperBeingChecked",
    "PaperFromTomorrow",
    "PaperOver",
    "PaperTooOld",
    "PaperUndated",
    "PurposeMissing",
    "SameFile",
    "StillNeeded",
    "TooManyPages",
    "TooManyPixels",
    "TooManyWaiting",
    "Unreadable",
    "approve",
    "decline",
    "dispose",
    "expire_due",
    "file_letter",
    "look",
    "refuse_size",
    "sweep",
    "upload",
]

Kind, State = Document.Kind, Document.State
MEGABYTE = 1024 * 1024
REPLACED = "REPLACED"  # Why an accepted paper is no longer the one: a newer was accepted.
RESENT = "RESENT"  # Why a waiting paper was disposed of: the owner sent a better one.


def upload(
    *,
    owner_ref: str,
    kind: str,
    content: bytes,
    actor: Actor,
    at: datetime,
    customer=None,
    issued_date: date | None = None,
    expires_date: date | None = None,
) -> Document:
    """
    This will take a JPG, PNG or PDF in, judged by its bytes: clean it, seal it, and stage it for a
    decision (modules.md, documents). The same file of the same owner gives the same document; a
    newer file of a kind takes the place of one that still waits.

    :raises FileTooLarge: or EmptyFile, Heic, TooManyPixels, TooSmall, LockedPdf, TooManyPages,
        Damaged, Unreadable, if it is nothing that the bank can read and keep.
    :raises PaperUndated: or PaperTooOld, PaperFromTomorrow, PaperOver, by the days on it.
    :raises SameFile: if it was sent as another kind; DeclinedBefore, if it was declined.
    :raises PaperBeingChecked: if it would take the place of one that an officer looks at.
    :raises TooManyWaiting: if as many papers of no certain kind wait as may (MAXIMUM_WAITING).
    """
    today = calendar.nairobi_date(at)
    bounds = queries.terms_on(today)
    refuse_size(len(content), at=at)
    _refuse_days(kind, issued=issued_date, expires=expires_date, today=today, bounds=bounds)
    index = queries.content_index(content, owner_ref=owner_ref)
    if known := _known(owner_ref, kind=kind, index=index):
        return known
    if kind == Kind.OTHER:
        _refuse_crowd(owner_ref, most=bounds[DocumentTerm.Kind.MAXIMUM_WAITING])
    clean = sandbox.clean(content, bounds=bounds)

    document = Document(
        owner_ref=owner_ref,
        customer=customer,
        kind=Kind(kind),
        content_type=clean.content_type,
        size_bytes=len(clean.copy),
        pages=clean.pages,
        pixels=clean.pixels,
        content_index=index,
        paper_index=queries.paper_index(content),
        issued_date=issued_date,
        expires_date=expires_date,
        uploaded_by=str(actor),
        uploaded_at=at,
    )
    return _keep(document, clean, actor=actor)


@inside_transaction
def file_letter(
    *, owner_ref: str, customer, kind: str, content: bytes, pages: int, actor: Actor, at: datetime
) -> Document:
    """This will file a PDF that the bank wrote among its reader's papers; nobody decides on it."""
    document = Document(
        owner_ref=owner_ref, customer=customer, kind=Kind(kind), state=State.ACTIVE,
        content_type="application/pdf", size_bytes=len(content), pages=pages, pixels=0,
        content_index=queries.content_index(content, owner_ref=owner_ref),
        uploaded_by=str(actor), uploaded_at=at, decided_by=str(actor), decided_at=at,
    )  # fmt: skip
    document.file = sealed_files.put(document, "file", content)  # Without its row it is swept.
    document.save(force_insert=True)
    audit.record(actor=actor, deed="document.written", subject=document, kind=kind)
    return document


def refuse_size(size_bytes: int, *, at: datetime) -> None:
    """
    This will look at the size of a file, before or after its bytes are here.

    :raises EmptyFile: if there is nothing in it.
    :raises FileTooLarge: if it is above the bound of the day (MAXIMUM_BYTES).
    """
    most = queries.terms_on(calendar.nairobi_date(at))[DocumentTerm.Kind.MAXIMUM_BYTES]
    if size_bytes == 0:
        raise EmptyFile
    if size_bytes > most:
        tenths = -(-size_bytes * 10 // MEGABYTE)  # Upwards: what is too large never reads as fit.
        size = f"{Decimal(tenths) / 10:.1f}".removesuffix(".0")
        raise FileTooLarge(size=size, most=most // MEGABYTE)


@transaction.atomic
def approve(
    document: Document, *, actor: Actor, at: datetime, expires_date: date | None = None
) -> Document:
    """
    This will accept a waiting document; the accepted one of its kind that it takes over from
    becomes EXPIRED. `expires_date` is the paper's last day as the officer reads it.

    :raises AlreadyDecided: if it is not waiting.
    """
    document = _waiting(document)
    if document.kind != Kind.OTHER:
        for older in Document.objects.select_for_update().filter(
            owner_ref=document.owner_ref, kind=document.kind, state=State.ACTIVE
        ):
            LIFECYCLE.move(older, to=State.EXPIRED, reason=REPLACED)
    LIFECYCLE.move(
        document,
        to=State.ACTIVE,
        decided_by=str(actor),
        decided_at=at,
        expires_date=expires_date or document.expires_date,
    )
    audit.record(actor=actor, deed="document.approved", subject=document, kind=document.kind)
    return document


@transaction.atomic
def decline(document: Document, *, reason: str, actor: Actor, at: datetime) -> Document:
    """
    This will decline a waiting document for a reason, which its owner reads.

    :raises AlreadyDecided: if it is not waiting.
    """
    document = _waiting(document)
    LIFECYCLE.move(document, to=State.DECLINED, decided_by=str(actor), decided_at=at, reason=reason)
    audit.record(
        actor=actor, deed="document.declined", subject=document, kind=document.kind, reason=reason
    )
    return document


def look(
    document: Document, *, user, why: str, actor: Actor, at: datetime, part: str = "file"
) -> bytes:
    """
    This will open a document, after it is written down who looks, when and why (privacy).

    :raises PurposeMissing: if nobody says why.
    :raises NoSuchDocument: if it has no such part, or was disposed of.
    """
    if not why.strip():
        raise PurposeMissing
    if part not in {"file", "thumbnail"} or not getattr(document, part):
        raise NoSuchDocument
    with transaction.atomic():
        DocumentView.objects.create(
            document=document, user=user, actor=str(actor), part=part, why=why[:140], seen_at=at
        )
    try:
        return sealed_files.get(document, part)
    except FileNotFoundError as error:
        raise NoSuchDocument from error


@transaction.atomic
def dispose(document: Document, *, reason: str, actor: Actor, at: datetime) -> Document:
    """
    This will let go of a document's file for ever; its row stays and says when and why. What was
    never looked at may go at once, what was decided when the law lets it (kenya.md 7.4, 7.6).

    :raises StillNeeded: if its owner still banks here.
    :raises KeptByLaw: if its time is not over on the Nairobi day of `at`.
    :raises PaperBeingChecked: if it waits and is part of what an officer looks at.
    """
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.state == State.STAGED:
        _refuse_checked(document)
    else:
        until = queries.kept_until(document)
        if until is None:
            raise StillNeeded
        if calendar.nairobi_date(at) <= until:
            raise KeptByLaw(until=day(until))
    _let_go(document, reason=reason, actor=actor)
    return document


@transaction.atomic
def expire_due(*, on: date, actor: Actor) -> int:
    """This will let accepted papers expire whose last day is over on a day; gives their number."""
    over = Document.objects.select_for_update().filter(state=State.ACTIVE, expires_date__lt=on)
    due = list(over.order_by("pk"))
    for document in due:
        LIFECYCLE.move(document, to=State.EXPIRED)
        audit.record(actor=actor, deed="document.expired", subject=document, kind=document.kind)
    return len(due)


def sweep(*, before: datetime) -> int:
    """This will take away sealed files older than `before` that no document names."""
    return sealed_files.sweep(before=before)


def _refuse_days(kind: str, *, issued, expires, today: date, bounds) -> None:
    if issued is not None and issued > today:
        raise PaperFromTomorrow
    if kind == Kind.PROOF_OF_ADDRESS and issued is None:
        raise PaperUndated
    if kind in queries.FRESH and issued is not None:
        months = bounds[queries.FRESH[Kind(kind)]]
        if calendar.months_after(issued, months) < today:
            raise PaperTooOld(months=months)
    if expires is not None and expires < today:
        raise PaperOver(day=day(expires))


def _refuse_crowd(owner_ref: str, *, most: int) -> None:
    waiting = queries.standing_of(owner_ref).filter(kind=Kind.OTHER, state=State.STAGED)
    if waiting.count() >= most:
        raise TooManyWaiting(most=most)


def _known(owner_ref: str, *, kind: str, index: str) -> Document | None:
    """The document that this very file is already, if it stands as this kind."""
    same = queries.standing_of(owner_ref).filter(content_index=index).exclude(state=State.EXPIRED)
    for document in same:
        if document.state == State.DECLINED:
            if document.kind == kind:
                raise DeclinedBefore
        elif document.kind != kind:
            raise SameFile(other=document.get_kind_display())
        else:
            return document
    return None


def _keep(document: Document, clean: sandbox.Clean, *, actor: Actor) -> Document:
    """The files first, then the row: files without a row are swept, a row without is never."""
    document.file = sealed_files.put(document, "file", clean.copy)
    if clean.thumbnail:
        document.thumbnail = sealed_files.put(document, "thumbnail", clean.thumbnail)
    try:
        with transaction.atomic():
            waiting = _in_its_place(document)
            if any(older.content_index == document.content_index for older in waiting):
                raise IntegrityError("the same file was first")
            for older in waiting:
                _refuse_checked(older)
                _let_go(older, reason=RESENT, actor=actor)
            document.save(force_insert=True)
            audit.record(
                actor=actor, deed="document.uploaded", subject=document, kind=document.kind
            )
    except IntegrityError as error:
        # Two at once, of one owner: the other was first.
        sealed_files.discard(document.file, document.thumbnail)
        known = _known(document.owner_ref, kind=document.kind, index=document.content_index)
        if known is None:
            raise LostRace(thing=Document._meta.verbose_name) from error
        return known
    return document


def _in_its_place(document: Document) -> list[Document]:
    """What waits as this kind already; papers of no certain kind wait beside each other."""
    if document.kind == Kind.OTHER:
        return []
    waiting = Document.objects.select_for_update().filter(
        owner_ref=document.owner_ref, kind=document.kind, state=State.STAGED
    )
    return list(waiting.order_by("pk"))


def _refuse_checked(document: Document) -> None:
    """What an officer looks at stays as it was; papers of no certain kind are no part of it."""
    customer = document.customer
    if document.kind != Kind.OTHER and customer and customers.is_being_checked(customer):
        raise PaperBeingChecked


def _let_go(document: Document, *, reason: str, actor: Actor) -> None:
    places = (document.file, document.thumbnail)
    LIFECYCLE.move(document, to=State.DISPOSED, file="", thumbnail="", reason=reason)
    audit.record(
        actor=actor, deed="document.disposed", subject=document, kind=document.kind, reason=reason
    )
    # Only once it is committed that nobody needs them; who dies here leaves them for `sweep`.
    transaction.on_commit(lambda: sealed_files.discard(*places))


def _waiting(document: Document) -> Document:
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.state != State.STAGED:
        raise AlreadyDecided
    return document
