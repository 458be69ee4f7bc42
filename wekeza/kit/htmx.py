"""htmx is a bonus: every answer here has the same meaning without it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect


class SeeOther(HttpResponseRedirect):
    """303: what you sent is done; the answer has its own address, safe to reload."""

    status_code = 303


def own_page(said: str, *, otherwise: str = "") -> str:
    """This will give an address that a request named, if it is one of ours and no other site's."""
    is_ours = said.startswith("/") and url_has_allowed_host_and_scheme(said, None)
    return said if is_ours else otherwise


def to_page(request: HttpRequest, to, *args, **kwargs) -> HttpResponse:
    """
    This will send the browser to another page after a successful POST: 303, or HX-Redirect.

    `to` is a URL, a URL name (with its arguments) or an object with get_absolute_url.
    """
    url = resolve_url(to, *args, **kwargs)
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else SeeOther(url)
