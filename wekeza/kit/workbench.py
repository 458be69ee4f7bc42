"""
What every desk of the workbench stands on: Django's admin, opened by permissions of roles.

A desk shows records and calls operations; it never adds, changes or deletes a row by itself. Which
permissions somebody holds is put on the request by the site (branch/workbench/site.py): nobody has
more because of what they are, superusers least of all, who do not exist.
"""

import inspect
from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone

from wekeza.kit import words
from wekeza.kit.errors import Refusal
from wekeza.kit.shell import STATUSES
from wekeza.kit.ui_tags import pill

MONEY_DIGITS = 20  # Amounts of money, and nothing else, are kept with so many.
NOTHING = "–"


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
    """
    Records to look at, for whoever holds `look`; what can be done to them are its actions. The
    first line of a desk's docstring is told to staff, as what its records are.
    """

    look = ""
    shelf = "What happened"
    empty_value_display = NOTHING
    actions_on_top = True
    actions_on_bottom = False
    list_per_page = 40  # Eight columns of them are as much as a cheap machine draws at once.
    list_max_show_all = list_per_page
    show_full_result_count = False
    view_on_site = False

    @property
    def about(self) -> str:
        """What the records are, in a sentence for staff."""
        return inspect.getdoc(type(self)).partition("\n\n")[0].replace("\n", " ")

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

    def changelist_view(self, request, extra_context=None):
        """The list, under what its records are."""
        return super().changelist_view(request, {"about": self.about} | (extra_context or {}))

    def history_view(self, request, object_id, extra_context=None):
        """Django's own log is never written: the record itself is what there is to see."""
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", object_id)

    def get_list_select_related(self, request):
        """
        What the columns name is asked with the list: our columns hide it from Django, which would
        also leave out what may be missing.
        """
        if self.list_select_related:
            return self.list_select_related
        near = {field.name for field in self.opts.fields if field.many_to_one or field.one_to_one}
        return [name for name in self.list_display if name in near] or False

    def get_list_display(self, request):
        """The columns, with money, kinds and tiers in words instead of what the table holds."""
        return [self._column(name) for name in super().get_list_display(request)]

    def get_fields(self, request, obj=None):
        """The rows of a record, told as its columns are; what only its form asks is none of it."""
        names = super().get_fields(request, obj)
        if obj is None:
            return names
        kept = [name for name in names if hasattr(self.model, name) or hasattr(self, name)]
        return [self._column(name) for name in kept]

    def _column(self, name):
        if not isinstance(name, str) or hasattr(type(self), name):
            return name
        try:
            field = self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return name
        words_of = _words_for(self.model, field)
        if words_of is None:
            return name
        return admin.display(description=field.verbose_name.capitalize(), ordering=name)(words_of)

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


def _words_for(model, field) -> Callable | None:
    """How a row's field is told to people, where Django would show what the table holds."""
    name = field.name
    if isinstance(field, models.DecimalField) and field.max_digits == MONEY_DIGITS:
        return lambda row: _money(getattr(row, name), getattr(row, "currency", "KES"))
    kinds = getattr(model, "Kind", None)
    if name == "kind" and kinds is not None and not field.choices:
        return lambda row: kinds(row.kind).label if row.kind in kinds.values else row.kind
    if name in ("state", "status") and field.choices:
        return lambda row: _pill(getattr(row, name), getattr(row, f"get_{name}_display")())
    if isinstance(field, models.BooleanField):
        return lambda row: "Yes" if getattr(row, name) else "No"
    if field.many_to_one and any(one.name == "label" for one in field.related_model._meta.fields):
        return lambda row: getattr(getattr(row, name), "label", NOTHING)
    return None


def _pill(code: str, label: str) -> str:
    _words, colour, _mark = STATUSES.get(code, ("", "", ""))
    return pill(label, colour)


def _money(amount, currency: str) -> str:
    return NOTHING if amount is None else words.plain((amount, currency))


def action(description: str, *, permission: str):
    """This will make a method a desk's action, for whoever holds the permission."""

    def decorate(method):
        method.permission = permission
        return admin.action(description=description)(method)

    return decorate
