"""The page that somebody shows to be paid."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.deposits import queries as deposit_queries
from payments.qr import forms, payloads


@login_required
@require_GET
def mine(request):
    """Name, account number and KE-QR; with an amount in the address the code asks for it."""
    holdings = [one for one in deposit_queries.held_by(request.actor) if one.is_active]
    form = forms.Mine(request.GET or None, holdings=holdings)
    facts = {"form": form, "holding": form.holding}
    if form.holding is not None:
        amount = form.cleaned_data.get("amount") if form.is_bound and form.is_valid() else None
        payload = payloads.payload_of(
            account=form.holding.number, name=form.holding.account.holder_name, amount=amount
        )
        facts |= {"amount": amount, "payload": payload}
    status = 422 if form.errors else 200
    return render(request, "payments/qr/mine.html", facts, status=status)
