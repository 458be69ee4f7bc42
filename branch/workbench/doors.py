"""The gate of the workbench's own pages, and what every one of them shows around itself."""

import functools

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.customers.models import Customer
from branch.workbench import operations, queries, queues
from branch.workbench.site import is_let_in
from ledger.approvals import queries as approval_queries
from wekeza.kit.errors import Refusal
from wekeza.kit.workbench import holds

OPENED = "workbench_opened"  # Customers whose file this session opened, and why.


def needs(*permissions: str):
    """
    This will open a page to staff who hold one of some permissions now, in whatever branch (or to
    all who are let in, if none is named). What is done on it asks again, in the operation and with
    the branch that it reaches.
    """

    def decorate(view):
        @functools.wraps(view)
        def gate(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not is_let_in(request):
                return redirect("branch:workbench:closed")
            if permissions and not any(holds(request, one) for one in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        gate.permissions = permissions
        return gate

    return decorate


def page(
    request, template: str, facts: dict | None = None, *, status: int = 200, room="workbench"
) -> HttpResponse:
    """
    This will draw a page of the workbench with the doors that are open to whoever looks; a desk of
    another room names its room, or its template in full, as `branch/compliance/alert`.
    """
    place = template if "/" in template else f"branch/{room}/{template}"
    shown = queues.around(request) | (facts or {})
    return render(request, f"{place}.html", shown, status=status)


def purpose_of(request, customer: Customer) -> str:
    """This will tell why this session opened a file; nothing if it did not, or it is shut again."""
    opened = request.session.get(OPENED, {}).get(str(customer.public_id), "")
    if opened and queries.is_closed_to(
        request.staff, customer, actor=request.actor, at=timezone.now()
    ):
        return ""
    return opened


def open_file(request, customer: Customer, *, purpose: str) -> None:
    """
    This will open a file for the rest of a sitting, and keep that it was opened.

    :raises OwnFile: or RestrictedFile, PurposeMissing.
    """
    operations.open_file(
        customer,
        purpose=purpose,
        member=request.staff,
        actor=request.actor,
        at=timezone.now(),
    )
    opened = request.session.get(OPENED, {})
    request.session[OPENED] = opened | {str(customer.public_id): purpose}


def shut(request, customer: Customer, *, purpose: str) -> HttpResponse | None:
    """
    This will open a customer's file for a task about it, once in a sitting; where it may not be
    opened it gives the page that says so.
    """
    if purpose_of(request, customer):
        return None
    try:
        open_file(request, customer, purpose=purpose)
    except Refusal as refusal:
        facts = {"customer": customer, "refusal": refusal}
        return page(request, "shut", facts, status=refusal.status)
    return None


def restriction(request, customer: Customer) -> dict:
    """This will tell whether a file is restricted, shut to whoever asks, and already asked for."""
    return {
        "is_restricted": queries.is_restricted(customer),
        "is_shut": queries.is_closed_to(
            request.staff, customer, actor=request.actor, at=timezone.now()
        ),
        "asked": approval_queries.waiting_for(customer, "customers.open_restricted").filter(
            maker_person=request.actor.person
        ),
    }
