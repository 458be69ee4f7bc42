"""A customer's papers: the list, sending one, and looking at one by a link that expires."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.customers.visiting import visitor
from accounts.documents import forms, queries
from accounts.documents import operations as documents
from accounts.documents.answers import as_itself
from accounts.documents.models import Document
from accounts.staff import queries as staff
from wekeza.kit import throttles
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import own_page, to_page

FIELD_OF = {
    documents.PaperUndated: "issued_date",
    documents.PaperTooOld: "issued_date",
    documents.PaperFromTomorrow: "issued_date",
    documents.PaperOver: "expires_date",
}
OWN = "own document"  # Why customers look at their papers.


@login_required
@require_GET
def index(request):
    """Everything that the customer sent and the bank keeps, with its state."""
    visitor(request)
    return render(
        request, "accounts/documents/index.html", {"documents": queries.held_by(request.actor)}
    )


@login_required
def upload(request, kind: str):
    """One paper: choose or photograph it, and send it; refused files say what to do."""
    customer, kind = visitor(request), _kind_named(kind)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.Upload(*sent, kind=kind)
    if form.is_valid():
        try:
            # The same count as for programs of this customer.
            throttles.take("upload", str(customer.actor).lower())
            documents.upload(
                owner_ref=customer.owner_ref,
                customer=customer,
                kind=kind,
                **form.facts(),
                actor=request.actor,
                at=timezone.now(),
            )
            messages.success(request, _("We have it: {paper}.").format(paper=kind.label))
            return to_page(request, _way_back(request))
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(type(refusal), "file"), str(refusal))
    facts = {
        "form": form,
        "kind": kind,
        "next": _way_back(request),
        "most_megabytes": queries.most_megabytes(on=timezone.localdate()),
        "sent": queries.standing_of(customer.owner_ref).filter(kind=kind).first(),
    }
    status = 422 if form.errors else 200
    part = "#form" if request.htmx else ""
    return render(request, f"accounts/documents/upload.html{part}", facts, status=status)


@login_required
@require_GET
def see(request, public_id):
    """Lead to a link to one's own document that ends in a few minutes."""
    try:
        document = queries.one_held_by(request.actor, public_id=public_id)
    except Refusal as refusal:
        raise Http404 from refusal
    token = queries.link_of(
        document,
        user=request.user,
        session_key=request.session.session_key,
        why=OWN,
        at=timezone.now(),
    )
    return redirect("accounts:documents:file", token)


@login_required
@require_GET
def file(request, token: str):
    """The document itself, to the session that the link was made for, as nothing but itself."""
    at = timezone.now()
    try:
        ticket = queries.read_link(
            token, user=request.user, session_key=request.session.session_key, at=at
        )
        _refuse_without(ticket.permission, request, at=at)
        content = documents.look(
            ticket.document,
            user=request.user,
            why=ticket.why,
            part=ticket.part,
            actor=request.actor,
            at=at,
        )
    except Refusal as refusal:
        raise Http404 from refusal
    return as_itself(ticket.document, content, part=ticket.part)


def _refuse_without(permission: str, request, *, at) -> None:
    """A link of staff is asked anew each time: a role, or a second factor, may be gone by now."""
    is_proved = request.user.is_verified()
    if permission and not (is_proved and staff.permits(request.user, permission, at=at)):
        raise documents.LinkExpired


def _kind_named(slug: str) -> Document.Kind:
    code = slug.upper().replace("-", "_")
    if code not in Document.Kind.values or code in Document.WRITTEN_HERE:
        raise Http404
    return Document.Kind(code)


def _way_back(request) -> str:
    """The page that asked for the paper, if it is one of ours; else the list."""
    said = request.POST.get("next") or request.GET.get("next", "")
    return own_page(said, otherwise="/documents/")
