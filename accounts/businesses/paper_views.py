"""How far the bank is with a business, and the papers that its directors send."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.businesses import forms, queries
from accounts.businesses import operations as businesses
from accounts.businesses import papers as business_papers
from accounts.businesses.doors import members_only
from accounts.businesses.refusals import NoSuchPaper
from accounts.businesses.views import PAGES, answer, director_drafts
from accounts.documents import forms as document_forms
from accounts.documents import queries as documents
from accounts.documents.views import FIELD_OF
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

OWN = "own paper of the business"  # Why directors look at its papers.


@members_only(is_active=False)
def papers(request, member):
    """How far the bank is with the company, its papers, and who has still to sign."""
    business, at = member.business, timezone.now()
    if business.is_draft and member.is_director:
        return redirect("accounts:businesses:company", business.public_id)
    standing = queries.resolution_of(business)
    unsigned = queries.unsigned_directors(business)
    shown = {"seen": standing.text_hash if standing else ""}
    form = forms.Agree(request.POST or None, initial=shown)

    def deed():
        seen = form.cleaned_data["seen"]
        businesses.sign_resolution(business, seen=seen, at=at, actor=request.actor)
        return to_page(request, "accounts:businesses:papers", business.public_id)

    facts = {
        "member": member,
        "needs": business_papers.needs_of(business, on=timezone.localdate(at)),
        "waits_for_papers": business_papers.waits_for_papers(business, on=timezone.localdate(at)),
        "owners": queries.owners_of(business),
        "resolution": standing,
        "lines": standing.text.splitlines() if standing else [],
        "unsigned": unsigned,
        "is_to_sign": standing and any(one.pk == member.customer.pk for one in unsigned),
    }
    return answer(request, "papers", form, deed, business=business, **facts)


@director_drafts
def upload(request, member, kind: str):
    """One paper of the business: photograph or choose it, and send it."""
    business, at = member.business, timezone.now()
    try:
        need = business_papers.need_of(business, slug=kind, on=timezone.localdate(at))
    except NoSuchPaper as refusal:
        raise Http404 from refusal
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = document_forms.Upload(*sent, kind=need.code)
    if form.is_valid():
        try:
            business_papers.send(business, slug=kind, **form.facts(), at=at, actor=request.actor)
            messages.success(request, _("We have it: {paper}.").format(paper=need.label))
            return to_page(request, "accounts:businesses:papers", business.public_id)
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(type(refusal), "file"), str(refusal))
    facts = {
        "form": form,
        "business": business,
        "need": need,
        "hint": business_papers.HINTS.get(need.code, ""),
        "most_megabytes": documents.most_megabytes(on=timezone.localdate(at)),
    }
    status, part = 422 if form.errors else 200, "#form" if request.htmx else ""
    return render(request, f"{PAGES}/upload.html{part}", facts, status=status)


@director_drafts
@require_GET
def see(request, member, document):
    """Lead to a link to a paper of the business that ends in a few minutes."""
    try:
        found = business_papers.paper_of(member.business, public_id=document)
    except NoSuchPaper as refusal:
        raise Http404 from refusal
    token = documents.link_of(
        found,
        user=request.user,
        session_key=request.session.session_key,
        why=OWN,
        at=timezone.now(),
    )
    return redirect("accounts:documents:file", token)
