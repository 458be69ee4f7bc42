"""Accounting periods: what is open, asking to close a month or to open it again, the year end."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.books import forms, operations
from branch.books.doors import page
from branch.workbench.doors import needs
from branch.workbench.queries import shown
from ledger.approvals import queries as approval_queries
from ledger.calendar.models import BusinessDay
from ledger.periods import queries
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

LOOK, WRITE = "books.look", "books.write"
DEEDS = ("periods.close", "periods.reopen", "periods.close_year")


@needs(LOOK)
@require_GET
def index(request):
    """Every month of the books, open or closed, and the years."""
    day = BusinessDay.objects.get()
    facts = {
        "day": day,
        "months": queries.months_of_the_books(),
        "years": queries.closed_years(),
        "year": queries.year_to_close(),
        "waiting": shown(approval_queries.waiting_for(day, *DEEDS)),
        "may_ask": holds(request, WRITE),
    }
    return page(request, "periods", facts)


@needs(LOOK)
def period(request, month: str):
    """One month: what closing or opening it would do, and asking for it."""
    found = _month(month)
    form = forms.ChangePeriod(request.POST or None)
    if request.method == "POST" and not holds(request, WRITE):
        raise PermissionDenied
    if form.is_valid():
        try:
            asked = operations.change_period(
                **form.cleaned_data,
                first_date=found.first_date,
                actor=request.actor,
                at=timezone.now(),
            )
            return to_page(request, "branch:workbench:approval", asked.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    day = BusinessDay.objects.get()
    ends_year = found.closes_with_its_year and found.is_next and found.is_over
    facts = {
        "month": found,
        "day": day,
        "form": form,
        "result": queries.result_of(found.first_date.year) if ends_year else None,
        "waiting": shown(approval_queries.waiting_for(day, *DEEDS)),
        "may_ask": holds(request, WRITE),
    }
    return page(request, "period", facts, status=422 if form.errors else 200)


def _month(text: str) -> queries.Month:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Http404 from error
    for found in queries.months_of_the_books():
        if found.first_date == first:
            return found
    raise Http404
