"""Companies that build on the bank's API: who applied, what they use, what did not arrive."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.partners import queries as partner_queries
from accounts.partners.models import Partner
from branch.partners import forms, operations
from branch.workbench.doors import needs, page
from branch.workbench.queries import shown
from ledger.approvals import queries as approval_queries
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

MOST = 100
OFFICERS = ("partner.review", "partner.admit")
TAKES = {"admit": "partner.review", "refuse": "partner.admit", "suspend": "partner.admit"}


@needs(*OFFICERS)
@require_GET
def partners(request):
    """Applications by age, who works with the bank, and deliveries that are stuck."""
    facts = {
        "applications": partner_queries.applications()[:MOST],
        "partners": partner_queries.admitted()[:MOST],
        "stuck": partner_queries.stuck()[:MOST],
    }
    return page(request, "branch/partners/partners", facts)


@needs(*OFFICERS)
def partner(request, public_id: UUID):
    """One partner with its apps and the consents in use; propose to admit, refuse or stop it."""
    row = get_object_or_404(Partner.objects.select_related("login"), public_id=public_id)
    form = forms.Decide(request.POST or None)
    if form.is_valid():
        if not holds(request, TAKES[form.cleaned_data["deed"]]):
            raise PermissionDenied
        try:
            operations.decide(row, **form.cleaned_data, actor=request.actor, at=timezone.now())
            return to_page(request, "branch:partners:partner", public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            row.refresh_from_db()
    waiting = shown(approval_queries.waiting_for(row))
    facts = {
        "partner": row,
        "apps": partner_queries.apps_of_partner(row, at=timezone.now()),
        "stuck": partner_queries.stuck(partner=row)[:MOST],
        "waiting": waiting,
        "form": form,
        "may_propose": row.may_be_admitted and not waiting and holds(request, TAKES["admit"]),
        "may_refuse": row.has_applied and not waiting and holds(request, TAKES["refuse"]),
        "may_suspend": row.is_active and holds(request, TAKES["suspend"]),
        "may_read_log": holds(request, "api.look"),
    }
    return page(request, "branch/partners/partner", facts, status=422 if form.errors else 200)
