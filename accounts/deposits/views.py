"""What is set aside in an account of a customer."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.deposits import queries
from accounts.deposits.queries import NoSuchAccount


@login_required
@require_GET
def holds(request, number: str):
    """Each hold with its reason, what it holds, since when and until when."""
    try:
        holding = queries.one_held_by(request.actor, number=number)
    except NoSuchAccount as refusal:
        raise Http404 from refusal
    facts = {"holding": holding, "holds": queries.holds_on(holding)}
    return render(request, "accounts/deposits/holds.html", facts)
