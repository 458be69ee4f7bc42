"""A customer's way up the tiers: what each unlocks, what is missing, and sending it for review."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from accounts.access import drafts
from accounts.customers.visiting import visitor
from accounts.kyc import forms, queries
from accounts.kyc import operations as kyc
from accounts.kyc.facts import told_before
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

LADDER = "accounts:kyc:ladder"


@login_required
@require_GET
def ladder(request):
    """Every step with its figures; at the one that was asked for, what is missing and its state."""
    return _ladder(request)


@login_required
@require_POST
def start(request):
    """Ask for a tier; the page then lists what it needs."""
    return _deed(request, kyc.initiate, tier=request.POST.get("tier", "")[:10])


@login_required
@require_POST
def send(request):
    """Hand everything to an officer."""
    answer = _deed(request, kyc.send_for_review)
    if answer.status_code != 422:
        messages.success(request, _("We have everything. An officer looks at it now."))
    return answer


@login_required
@require_POST
def cancel(request):
    """Let go of a request that was not sent; papers stay."""
    return _deed(request, kyc.cancel)


@drafts.offered
@login_required
@sensitive_post_parameters()
def facts(request):
    """What the customer tells about themselves, as far as the tier asks for it."""
    customer = visitor(request)
    standing = queries.standing_of(customer, at=timezone.now())
    if standing.asked is None:
        return redirect(LADDER)
    form = forms.Facts(
        request.POST or None,
        asked=queries.facts_asked(standing),
        initial=told_before(customer) | request.draft,
    )
    if form.is_valid():
        try:
            kyc.tell_facts(customer, **form.cleaned_data, actor=request.actor, at=timezone.now())
            messages.success(request, _("Your answers are saved."))
            return to_page(request, LADDER)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    return render(request, "accounts/kyc/facts.html", {"form": form}, status=status)


def _deed(request, operation, **facts):
    customer = visitor(request)
    try:
        operation(customer, **facts, actor=request.actor, at=timezone.now())
    except Refusal as refusal:
        return _ladder(request, problem=str(refusal))
    return to_page(request, LADDER)


def _ladder(request, *, problem: str = ""):
    customer = visitor(request)
    found = {
        "standing": queries.standing_of(customer, at=timezone.now()),
        "customer": customer,
        "problem": problem,
    }
    status = 422 if problem else 200
    return render(request, "accounts/kyc/ladder.html", found, status=status)
