"""The switch, the page that is kept, and the worker, which must stand at the root to see pages."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.deposits import queries as deposit_queries
from accounts.statements import queries as statements
from accounts.statements.rows import row_of

ROWS = 10
WORKER = Path(settings.BASE_DIR) / "static" / "wekeza" / "sw.js"


@login_required
@require_GET
def index(request):
    """What is kept, for how long, and the switch; without scripts there is nothing to switch."""
    return render(request, "branch/phone_copy/index.html", {"key": _key(request)})


@login_required
@require_GET
def page(request):
    """Balances and the last rows as of now: the one page that a phone may keep."""
    holdings = deposit_queries.open_held_by(request.actor)
    if not holdings:
        raise Http404
    latest = statements.latest(holdings[0], most=ROWS)
    facts = {
        "holdings": holdings,
        "rows": [row_of(transaction) for transaction in latest],
        "as_of": timezone.now(),
    }
    return render(request, "branch/phone_copy/page.html", facts)


@require_GET
def worker(request):
    """The service worker's program, asked for anew each time, so that a new one is soon there."""
    answer = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def _key(request) -> str:
    if not hasattr(request.user, "customer"):
        raise Http404
    return str(request.user.customer.public_id)
