"""What only a demo bank shows: how to come in as staff, and how far its year is."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.demo import queries
from branch.demo_year.queries import year_in_the_making
from payments.rails.demo import client as demo_rail

STOP_POLLING = 286  # htmx: swap this in and ask no more.


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


@require_GET
def year(request):
    """How far the demo bank has lived its year; nothing, and no more questions, once it has."""
    lived = year_in_the_making()
    if lived is None:
        answer = HttpResponse(status=STOP_POLLING)  # Quite empty: its place takes no room then.
    else:
        answer = render(request, "branch/demo/_year.html", {"year": lived})
    answer["Cache-Control"] = "no-store"
    return answer
