"""The frame of the pages of the books: the workbench's, and the places of the books within it."""

from django.http import HttpResponse
from django.urls import reverse

from branch.workbench import doors

PLACES = [
    ("trial_balance", "Trial balance"),
    ("journal", "Journal"),
    ("controls", "Control lines"),
    ("vouchers", "Vouchers"),
    ("periods", "Periods"),
    ("freezes", "Stopped accounts"),
]


def page(request, template: str, facts: dict, *, status: int = 200) -> HttpResponse:
    """This will draw a page of the books with the way to the others."""
    places = [(reverse(f"branch:books:{name}"), label) for name, label in PLACES]
    return doors.page(
        request, f"branch/books/{template}", facts | {"places": places}, status=status
    )
