"""Accounts that the books stopped: the list, and asking that one goes on."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.books import forms, freezes, queries
from branch.books.doors import page
from branch.workbench.doors import needs
from branch.workbench.queries import shown
from ledger.approvals import queries as approval_queries
from ledger.chart.models import LedgerAccount
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

LOOK, WRITE = "books.look", "books.write"
MOST = 200


@needs(LOOK)
@require_GET
def index(request):
    """Every account that the books stopped, the newest first, with what keeps it."""
    accounts = list(freezes.stopped()[:MOST])
    facts = {"freezes": freezes.freezes_of(accounts), "sealed": _closed(request, accounts)}
    return page(request, "freezes", facts)


@needs(LOOK)
def freeze(request, code: str):
    """One of them, and asking a second person to let it go on; then that it goes on."""
    account = get_object_or_404(LedgerAccount, code=code, is_guarded=True)
    if not freezes.is_told_of(account):  # This is no way to look at other accounts.
        raise Http404
    if _closed(request, [account]):
        raise PermissionDenied
    form = forms.Lift(request.POST or None)
    if request.method == "POST" and not holds(request, WRITE):
        raise PermissionDenied
    if form.is_valid():
        try:
            asked = freezes.ask_lift(
                account,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=timezone.now(),
            )
            return to_page(request, "branch:workbench:approval", asked.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    [found] = freezes.freezes_of([account])
    facts = {
        "freeze": found,
        "is_stopped": freezes.stopped().filter(pk=account.pk).exists(),
        "waiting": shown(approval_queries.waiting_for(account, freezes.DEED)),
        "may_ask": holds(request, WRITE),
        "form": form,
    }
    return page(request, "freeze", facts, status=422 if form.errors else 200)


def _closed(request, accounts) -> set[int]:
    return queries.closed_to(accounts, member=request.staff, actor=request.actor, at=timezone.now())
