"""The page of a demo bank that shows how to come in as staff."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.demo import queries
from payments.rails.demo import client as demo_rail


@require_GET
def staff(request):
    """Who works here and the code of each one's app; there is no such page in any other bank."""
    if not demo_rail.is_open():
        raise Http404
    response = render(
        request, "branch/demo/staff.html", {"badges": queries.badges(at=timezone.now())}
    )
    response["Cache-Control"] = "no-store"
    return response
