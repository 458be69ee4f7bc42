"""The accounts that a customer holds, as they stand now."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.deposits import queries


@login_required
@require_GET
def index(request):
    """Every account with its number, balances, status and what it may hold."""
    return render(
        request, "accounts/deposits/index.html", {"holdings": queries.held_by(request.actor)}
    )
