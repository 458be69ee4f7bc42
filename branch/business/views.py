"""The home page of a business."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.businesses.doors import members_only
from accounts.statements.rows import row_of
from branch.business import queries


@members_only
@require_GET
def home(request, member):
    """Cash, what waits for the one who looks, the latest transactions and the team."""
    found = queries.home_of(member, at=timezone.now())
    facts = {
        "business": member.business,
        "member": member,
        "home": found,
        "rows": [row_of(transaction) for transaction in found.latest],
    }
    return render(request, "branch/business/home.html", facts)
