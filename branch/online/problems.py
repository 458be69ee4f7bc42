"""The pages for what goes wrong outside a form; none of them asks the database anything."""

from django.http import JsonResponse
from django.shortcuts import render

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
FOR_MACHINES = ("/api/", "/hooks/")


def bad_request(request, exception=None):
    """400: the request could not be read; nothing was changed."""
    return _answer(request, 400, "BAD_REQUEST")


def forbidden(request, exception=None):
    """403: it belongs to somebody else."""
    return _answer(request, 403, "FORBIDDEN")


def stale_page(request, reason=""):
    """403: the form's own token does not match; the page was open too long."""
    return _answer(request, 403, "STALE_PAGE", page="403_csrf")


def not_found(request, exception=None):
    """404: there is no such page."""
    return _answer(request, 404, "NOT_FOUND")


def broken(request):
    """500: our fault. After a write it says that the outcome is not known (ux.md check 31)."""
    return _answer(request, 500, "INTERNAL_ERROR")


def _answer(request, status, code, page=""):
    is_read = request.method in SAFE_METHODS
    if request.path.startswith(FOR_MACHINES):
        words = {"status_code": status, "error_code": code, "message": code, "details": {}}
        return JsonResponse(words, status=status)
    # No request in the context: its processors would ask for the user, and so for the database.
    answer = render(None, f"errors/{page or status}.html", {"is_read": is_read}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
