"""Anybody verifies a receipt or a statement, without a login and not very often."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.access.context import address_of
from accounts.access.views import too_many_requests
from branch.verify import forms, queries
from wekeza.kit import throttles
from wekeza.kit.addresses import network_of
from wekeza.kit.problems import TooManyRequests

A_MINUTE = 20  # Papers that one network verifies; a code has 80 bits, so this only saves work.


@require_GET
def ask(request):
    """The code, typed by whoever has no camera for it."""
    form = forms.Code(request.GET or None)
    if form.is_valid():
        return redirect("branch:verify:see", form.cleaned_data["code"])
    status = 422 if form.errors else 200
    return render(request, "branch/verify/ask.html", {"form": form}, status=status)


@require_GET
def see(request, code: str):
    """What the paper must say if nobody changed it; the same words for every code never given."""
    try:
        throttles.take("verify", network_of(address_of(request)), most=A_MINUTE)
    except TooManyRequests as refusal:
        return too_many_requests(request, refusal)
    found = queries.vouched_for(code)
    facts = {"found": found, "form": forms.Code()}
    answer = render(request, "branch/verify/see.html", facts, status=200 if found else 404)
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
