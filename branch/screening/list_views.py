"""Lists from a file to force: upload, look at what changes, ask a second person."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.screening import lists
from accounts.screening import queries as screening
from accounts.screening.models import ListVersion
from branch.screening import forms, operations, queries
from branch.workbench.doors import needs, page
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.uploads import Large
from wekeza.kit.workbench import holds


@csrf_exempt  # Looked at below: it reads the form, and how large that may be must be said before.
@needs("screening.load")
def upload(request):
    """Take the file of a list; it waits until somebody looked and a second person agreed."""
    request.upload_handlers = [Large(request)]
    return _upload(request)


@csrf_protect
def _upload(request):
    form = forms.Upload(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            version = lists.upload(**form.facts(), actor=request.actor, at=timezone.now())
            return to_page(request, "branch:screening:version", version.pk)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
    return page(
        request, "branch/screening/upload", {"form": form}, status=422 if form.errors else 200
    )


@needs("screening.look")
def version(request, version: int):
    """One version: what it holds, what it changes, and asking for it to come into force."""
    row = get_object_or_404(ListVersion.objects.select_related("list", "replaces"), pk=version)
    form = forms.AboutVersion(request.POST or None)
    is_loader = row.loaded_person == request.actor.person
    may = {
        "ask": holds(request, "screening.load"),
        "refuse": holds(request, "screening.accept") or is_loader,
    }
    if request.method == "POST" and not may.get(request.POST.get("deed")):
        raise PermissionDenied
    if form.is_valid():
        try:
            asked = operations.decide_version(
                row, **form.cleaned_data, actor=request.actor, at=timezone.now()
            )
            if asked:
                return to_page(request, "branch:workbench:approval", asked.public_id)
            return to_page(request, "branch:screening:version", version)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            row.refresh_from_db()
    facts = {
        "version": queries.with_people([row])[0],
        "differs": screening.difference_of(row),
        "shrinks": screening.shrinks(row, on=timezone.localdate()),
        "form": form,
        "may": may,
    }
    return page(request, "branch/screening/version", facts, status=422 if form.errors else 200)
