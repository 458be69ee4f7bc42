"""The demo bank's inbox: what customers' phones and mailboxes would show (decision 28)."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.notifications import providers, queries
from accounts.notifications.forms import Search


@require_GET
def inbox(request):
    """Codes first, fresh every three seconds; there is no such page in any other bank."""
    if not providers.is_demo():
        raise Http404
    form = Search(request.GET or None)
    search = form.cleaned_data["search"].strip() if form.is_valid() else ""
    items = queries.inbox(search=search, at=timezone.now())
    facts = {"form": form, "search": search, "items": items}
    response = render(request, "accounts/notifications/inbox.html", facts)
    response["Cache-Control"] = "no-store"
    return response
