"""One role: what it may do and since when, who holds it, and asking for a change."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.staff import queries as staff_queries
from accounts.staff import reach, roles
from accounts.staff.models import Role
from branch.workbench import forms, queries
from branch.workbench.doors import needs, page
from ledger.approvals import queries as approval_queries
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds


@needs("staff.look")
def role(request, code: str):
    """A role as it is today; whom a change would touch, and asking a second person for it."""
    row = get_object_or_404(Role.objects.select_related("parent"), code=code, is_staff_role=True)
    may_administer = holds(request, "staff.administer")
    if request.method == "POST" and not may_administer:
        raise PermissionDenied
    today = timezone.localdate()
    form = forms.ChangeRole(
        request.POST or None,
        permissions=staff_queries.staff_permissions(on=today),
        initial={"start": today},
    )
    touched = None
    if form.is_valid():
        said = form.cleaned_data
        change = {"permission": said["permission"], "amount_up_to": said["amount_up_to"]}
        try:
            if said["deed"] != "look":
                asked = roles.ask_permission(
                    row,
                    **change,
                    is_held=said["deed"] == "add",
                    start=said["start"],
                    reason=said["reason"],
                    actor=request.actor,
                    at=timezone.now(),
                )
                return to_page(request, "branch:workbench:approval", asked.public_id)
            touched = queries.touched_either_way(row, **change, on=said["start"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "role": row,
        "held": staff_queries.inherited(row, on=today),
        "holders": reach.grants_with(row, on=today),
        "history": queries.history_of_role(row),
        "waiting": queries.shown(approval_queries.waiting_for(row)),
        "today": today,
        "form": form,
        "touched": touched,
        "may_administer": may_administer,
    }
    return page(request, "role", facts, status=422 if form.errors else 200)
