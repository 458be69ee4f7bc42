"""How a document leaves the bank: as itself and nothing else."""

from django.http import HttpResponse

from accounts.documents.models import Document


def as_itself(document: Document, content: bytes, *, part: str = "file") -> HttpResponse:
    """
    This will answer with a document: pictures in the page, PDFs as a download, never run, never
    guessed to be something else, kept by nobody.
    """
    is_thumbnail = part == "thumbnail"
    kind = "image/jpeg" if is_thumbnail else document.content_type
    extension = "jpg" if is_thumbnail else document.extension
    name = f"{document.kind.lower().replace('_', '-')}.{extension}"
    shown = "inline" if document.is_picture else "attachment"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'{shown}; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return answer
