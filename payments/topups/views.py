"""Adding money: the ways that are open, the amount, and the receipt."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import drafts
from accounts.deposits import queries as deposit_queries
from payments.topups import forms, queries
from payments.topups import operations as topups
from payments.topups.refusals import NoSuchTopUp, OverMaximumBalance
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

COMMON_AMOUNTS = ("500", "1,000", "5,000")


@drafts.offered
@login_required
def start(request):
    """How much; on POST the rail is asked, and the receipt says what it answered."""
    holdings = deposit_queries.open_held_by(request.actor)
    form = forms.Start(request.POST or None, initial=dict(request.draft), holdings=holdings)
    if form.is_valid():
        try:
            topup = topups.top_up(
                reference=form.cleaned_data["reference"],
                account=form.cleaned_data["account"],
                money=form.cleaned_data["amount"],
                at=timezone.now(),
                actor=request.actor,
            )
            return to_page(request, "payments:topups:receipt", topup.receipt_no)
        except OverMaximumBalance as refusal:
            form.add_error("amount", str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "form": form,
        "holding": holdings[0] if holdings else None,
        "is_any_way_open": queries.is_any_way_open(),
        "amounts": COMMON_AMOUNTS,
    }
    status = 422 if form.errors else 200
    return render(request, "payments/topups/start.html", facts, status=status)


@login_required
@require_GET
def receipt(request, receipt_no: str):
    """What became of a top-up, for the customer who asked for it."""
    try:
        found = queries.receipt_by(request.actor, receipt_no=receipt_no)
    except NoSuchTopUp as refusal:
        raise Http404 from refusal
    holding = deposit_queries.standing_of(found.topup.account)
    facts = {"receipt": found, "topup": found.topup, "holding": holding}
    return render(request, "payments/topups/receipt.html", facts)
