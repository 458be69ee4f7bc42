"""The gate of the workbench's own pages, and what every one of them shows around itself."""

import functools

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from branch.workbench import queues
from branch.workbench.site import is_let_in
from wekeza.kit.workbench import holds


def needs(*permissions: str):
    """
    This will open a page to staff who hold one of some permissions now (or to all who are let in,
    if none is named). Operations ask again, with the branch and the amount.
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


def page(request, template: str, facts: dict | None = None, *, status: int = 200):
    """
    This will draw a page of the workbench with the doors that are open to whoever looks; a desk of
    another room names its template in full, as `branch/compliance/alert`.
    """
    around = {"staff": request.staff, "doors": queues.doors_of(request)}
    place = template if "/" in template else f"branch/workbench/{template}"
    return render(request, f"{place}.html", around | (facts or {}), status=status)
