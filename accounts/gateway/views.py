"""The pages of /docs: a guide, a page for each operation with a form to try it, and every error."""

from itertools import groupby

from django.conf import settings
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.gateway import forms, reference, trying


@require_GET
def openapi(request):
    """The description for programs."""
    return JsonResponse(reference.schema())


@require_GET
def docs(request):
    """How to begin, and every operation by its subject."""
    entries = sorted(reference.entries(), key=lambda entry: (entry.tag, entry.path))
    entries = [each for each in entries if not any(a.path < each.path for a in each.aliases)]
    return render(
        request,
        "accounts/gateway/docs.html",
        {
            "groups": [(tag, list(each)) for tag, each in groupby(entries, lambda e: e.tag)],
            "site_url": settings.SITE_URL,
            "short_minutes": settings.SHORT_TOKEN_MINUTES,
            "access_minutes": settings.ACCESS_TOKEN_MINUTES,
            "refresh_days": settings.REFRESH_TOKEN_MINUTES // (24 * 60),
            "per_minute": settings.API_PER_MINUTE["principal"],
            "money_per_minute": settings.API_PER_MINUTE["money"],
        },
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def operation(request, operation: str):
    """One operation: what it takes, gives and refuses, and a form that calls it."""
    entry = reference.entry_of(operation)
    if entry is None:
        raise Http404
    form = forms.Try(request.POST or None, entry=entry)
    answer = None
    if form.is_valid():
        answer = trying.call(
            request,
            entry,
            token=form.cleaned_data.get("token", ""),
            holes=form.parts(entry, entry.holes),
            questions=form.parts(entry, entry.questions),
            key=form.cleaned_data.get("key", ""),
            body=form.cleaned_data.get("body", ""),
        )
    facts = {"entry": entry, "form": form, "answer": answer}
    status = 422 if form.errors else 200
    return render(request, "accounts/gateway/operation.html", facts, status=status)


@require_GET
def errors(request):
    """Every error code, what it means and what to do."""
    return render(request, "accounts/gateway/errors.html", {"errors": reference.errors()})
