"""The gate of every page of staff: signed in with a second factor, at work, and permitted."""

import functools

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone

from accounts.staff import queries


def needs(permission: str):
    """
    This will open a page to staff who hold a permission now, whatever branch or amount; the page's
    operation asks again with both. Others are led to the login, to their second factor, or refused.
    """

    def decorate(view):
        @functools.wraps(view)
        def gate(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if queries.member(request.user) is None:
                raise PermissionDenied
            if not request.user.is_verified():
                return redirect("mfa_index")
            if not queries.permits(request.user, permission, at=timezone.now()):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        gate.permission = permission
        return gate

    return decorate
