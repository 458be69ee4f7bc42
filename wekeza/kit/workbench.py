"""
What every desk of the workbench stands on: Django's admin, opened by permissions of roles.

A desk shows records and calls operations; it never adds, changes or deletes a row by itself. Which
permissions somebody holds is put on the request by the site (branch/workbench/site.py): nobody has
more because of what they are, superusers least of all, who do not exist.
"""

from collections.abc import Callable

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone

from wekeza.kit.errors import Refusal


def holds(request: HttpRequest, permission: str, *, branch: str | None = None, amount=None) -> bool:
    """
    This will tell whether whoever asks holds a permission now: somewhere, which opens a page; or in
    a branch (empty: in all of them) and up to an amount in KES, as the deed on it takes.
    """
    if branch is None and amount is None:
        return permission in getattr(request, "held", ())
    held = getattr(request, "grants", ())
    return any(one.covers(permission, branch=branch, amount=amount) for one in held)


class Desk(admin.ModelAdmin):
    """Records to look at, for whoever holds `look`; what can be done to them are its actions."""

    look = ""
    actions_on_top = True
    actions_on_bottom = False
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False

    def has_module_permission(self, request):
        return holds(request, self.look)

    def has_view_permission(self, request, obj=None):
        return holds(request, self.look)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_actions(self, request):
        """The actions whose permission is held; an action names it as `permission`."""
        found = super().get_actions(request)
        return {
            name: action
            for name, action in found.items()
            if name != "delete_selected" and holds(request, getattr(action[0], "permission", ""))
        }

    def each(self, request, rows, deed: Callable, **facts) -> None:
        """This will call an operation for each row, and say what was done and what was refused."""
        for row in rows:
            try:
                deed(row, **facts, actor=request.actor, at=timezone.now())
            except Refusal as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{row}: done.", messages.SUCCESS)


def action(description: str, *, permission: str):
    """This will make a method a desk's action, for whoever holds the permission."""

    def decorate(method):
        method.permission = permission
        return admin.action(description=description)(method)

    return decorate
