"""A customer's papers, for programs: /api/v1/document/file/… (003:140, 515)."""

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import BaseParser

from accounts.documents import operations as documents
from accounts.documents import queries
from accounts.documents.answers import as_itself
from accounts.documents.models import Document as Paper
from accounts.documents.models import DocumentTerm
from accounts.documents.refusals import (
    UNFIT,
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
    SameFile,
    StillNeeded,
    TooManyWaiting,
)
from ledger.calendar import queries as calendar
from wekeza.kit.answers import File
from wekeza.kit.api import Door, Fields, Upload, operation
from wekeza.kit.states import LostRace
from wekeza.kit.strict import StrictUpload

TAG = "Documents"
OWN = "own document, by program"  # Why customers look at their papers.
WITHDRAWN = "WITHDRAWN"  # Why a waiting paper was disposed of: its owner took it back.
UNFIT_FILES = [EmptyFile, FileTooLarge, *UNFIT.values()]
IN_THE_WAY = [SameFile, DeclinedBefore, PaperBeingChecked, TooManyWaiting]
UNFIT_DAYS = [PaperUndated, PaperTooOld, PaperFromTomorrow, PaperOver]


class NewFile(Fields):
    """A photo or a PDF, and what stands on it."""

    kind = serializers.ChoiceField(
        [one for one in Paper.Kind.choices if one[0] not in Paper.WRITTEN_HERE]
    )
    file = Upload(help_text="JPG, PNG or PDF.")
    issued_date = serializers.DateField(
        required=False, help_text="The date on the paper; a proof of address needs it."
    )
    expires_date = serializers.DateField(required=False, help_text="Its last day, if it has one.")

    def validate_file(self, file):
        """Too large is said before it is read; the upload handler told the size alone."""
        documents.refuse_size(file.size, at=timezone.now())
        return file


class Document(Fields):
    """A paper of yours, as the bank keeps it."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.CharField()
    state = serializers.CharField(help_text="STAGED, ACTIVE, DECLINED, EXPIRED or DISPOSED.")
    content_type = serializers.CharField()
    size_bytes = serializers.IntegerField(help_text="Of the clean copy that the bank keeps.")
    pages = serializers.IntegerField()
    issued_date = serializers.DateField(allow_null=True)
    expires_date = serializers.DateField(allow_null=True)
    uploaded_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(help_text="Why it was declined; else empty.")


class Documents(Fields):
    """Your papers, the newest first."""

    documents = Document(many=True)


class TemporaryUrl(Fields):
    """Opens the file with a token of the same sign-in, until it ends."""

    url = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds.")


class Add(Door):
    """POST /api/v1/document/file/add."""

    tag = TAG
    parser_classes: list[type[BaseParser]] = [StrictUpload]

    @operation(
        takes=NewFile,
        gives={201: Document},
        refuses=[*UNFIT_FILES, *UNFIT_DAYS, *IN_THE_WAY, LostRace],
        quota="upload",
        summary="Send a document",
        about=(
            "The bank keeps a clean copy, encrypted; it waits (STAGED) until an officer has "
            "looked. The same file again gives the same document; a newer one takes the place of "
            "one that waits."
        ),
    )
    def post(self, request):
        facts, customer = dict(request.facts), request.user.customer
        return documents.upload(
            owner_ref=customer.owner_ref,
            customer=customer,
            content=facts.pop("file").read(),
            **facts,
            actor=request.auth.actor,
            at=timezone.now(),
        )


class List(Door):
    """GET /api/v1/document/file/list."""

    tag = TAG

    @operation(gives={200: Documents}, summary="See your documents")
    def get(self, request):
        return {"documents": queries.held_by(request.auth.actor)}


class One(Door):
    """GET and DELETE /api/v1/document/file/<id>."""

    tag = TAG

    @operation(gives={200: Document}, refuses=[NoSuchDocument], summary="See a document")
    def get(self, request, public_id):
        return queries.one_held_by(request.auth.actor, public_id=public_id)

    @operation(
        gives={200: Document},
        refuses=[NoSuchDocument, StillNeeded, KeptByLaw, PaperBeingChecked],
        summary="Take a document back",
        about="While it waits. What an officer has looked at, the law keeps.",
    )
    def delete(self, request, public_id):
        return _disposed(request, public_id)


class Dispose(Door):
    """POST /api/v1/document/file/<id>/dispose."""

    tag = TAG

    @operation(
        gives={200: Document},
        refuses=[NoSuchDocument, StillNeeded, KeptByLaw, PaperBeingChecked],
        summary="Dispose of a document",
        about="While it waits. What an officer has looked at, the law keeps.",
    )
    def post(self, request, public_id):
        return _disposed(request, public_id)


class Download(Door):
    """GET /api/v1/document/file/<id>/download."""

    tag = TAG

    @operation(
        gives={200: TemporaryUrl},
        refuses=[NoSuchDocument],
        quota="upload",
        summary="Get a temporary address of a document",
    )
    def get(self, request, public_id):
        at = timezone.now()
        token = queries.link_of(
            queries.one_held_by(request.auth.actor, public_id=public_id),
            user=request.user,
            session_key=_key_of(request),
            why=OWN,
            at=at,
        )
        return {
            "url": request.build_absolute_uri(reverse("v1:document_temporary", args=[token])),
            "expires_in": queries.terms_on(calendar.nairobi_date(at))[
                DocumentTerm.Kind.LINK_SECONDS
            ],
        }


class Temporary(Door):
    """GET /api/v1/document/temporary/<token>."""

    tag = TAG

    @operation(
        gives={200: File},
        refuses=[LinkExpired, NoSuchDocument],
        quota="upload",
        summary="Open a temporary address",
        about="With a token of the sign-in that asked for it. Every look is written down.",
    )
    def get(self, request, token):
        at = timezone.now()
        ticket = queries.read_link(token, user=request.user, session_key=_key_of(request), at=at)
        content = documents.look(
            ticket.document,
            user=request.user,
            why=ticket.why,
            part=ticket.part,
            actor=request.auth.actor,
            at=at,
        )
        return as_itself(ticket.document, content, part=ticket.part)


def _disposed(request, public_id) -> Paper:
    document = queries.one_held_by(request.auth.actor, public_id=public_id)
    return documents.dispose(
        document, reason=WITHDRAWN, actor=request.auth.actor, at=timezone.now()
    )


def _key_of(request) -> str:
    """What a browser's session key is to a link: the sign-in that its token belongs to."""
    return f"program:{request.auth.family}"
