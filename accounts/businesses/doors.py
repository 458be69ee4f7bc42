"""The guard of a business's pages: who acts for it, and in what role (IA10)."""

import functools

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.businesses import queries
from accounts.businesses.refusals import NoSuchBusiness, NotYourRole


def members_only(view=None, *, role: str = "", is_active: bool = True):
    """
    This will give a view the `Membership` of the person who asks, in place of the business's id in
    the address. To everybody else there is no such page; without the role, it is forbidden.
    `is_active` keeps businesses out that the bank has not activated yet.
    """
    if view is None:
        return functools.partial(members_only, role=role, is_active=is_active)
    find = queries.active_one_of if is_active else queries.one_of

    @functools.wraps(view)
    def guarded(request, business, *args, **kwargs):
        try:
            member = find(request.actor, public_id=business)
            if role:
                member.must(role)
        except NoSuchBusiness as refusal:
            raise Http404 from refusal
        except NotYourRole as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        request.member = member  # Around the page stand the tabs of this business.
        return view(request, member, *args, **kwargs)

    return login_required(guarded)
