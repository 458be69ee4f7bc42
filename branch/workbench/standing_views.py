"""Stopping a customer at once, and asking that they may go on."""

from uuid import UUID

from django.http import Http404
from django.utils import timezone

from accounts.customers.models import Customer
from branch.workbench import forms, operations, queries
from branch.workbench.doors import needs, page, purpose_of
from ledger.approvals import queries as approval_queries
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page


@needs("customer.suspend")
def standing(request, public_id: UUID):
    """Why a customer is stopped, for whoever has opened the file; stop them, or ask to lift it."""
    try:
        customer = queries.customer_by(public_id)
    except Customer.DoesNotExist as error:
        raise Http404 from error
    if not purpose_of(request, customer):
        return to_page(request, "branch:workbench:customer", public_id)
    form = forms.Standing(request.POST or None)
    if form.is_valid():
        try:
            operations.change_standing(
                customer, **form.cleaned_data, actor=request.actor, at=timezone.now()
            )
            return to_page(request, "branch:workbench:standing", public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "customer": customer,
        "why": queries.why_stopped(customer),
        "waiting": queries.shown(approval_queries.waiting_for(customer, "customers.lift")),
        "form": form,
    }
    return page(request, "standing", facts, status=422 if form.errors else 200)
