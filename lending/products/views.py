"""The calculator: what a loan would cost, for anybody, by its address alone."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access.context import address_of
from accounts.access.views import too_many_requests
from ledger.calendar import queries as calendar
from lending.products import charts, forms, queries, quotes, words
from lending.schedules.due_dates import Frequency
from wekeza.kit import throttles
from wekeza.kit.addresses import network_of
from wekeza.kit.problems import TooManyRequests

A_MINUTE = 60  # Quotes that one network works out.


@require_GET
def calculator(request):
    """A product, an amount and a time in; payment, fees, APR and schedule out."""
    try:
        throttles.take("calculator", network_of(address_of(request)), most=A_MINUTE)
    except TooManyRequests as refusal:
        return too_many_requests(request, refusal)
    today = calendar.nairobi_date(timezone.now())
    offers = queries.offers(on=today)
    if not offers:
        return render(request, "lending/products/nothing.html", status=503)
    form = forms.Wish(request.GET, offers=offers)
    term = form.offer.term
    layout = "signed_in.html" if request.user.is_authenticated else "base.html"
    facts = {"form": form, "offer": form.offer, "layout": layout}
    if form.is_valid():
        tenor = form.cleaned_data["tenor"]
        quote = quotes.quote(
            term,
            principal=form.cleaned_data["amount"],
            tenor=tenor,
            percent=form.chosen.percent,
            start=today,
        )
        facts |= {
            "quote": quote,
            "time": words.time(tenor, term),
            "late": words.late(term),
            "is_monthly": term.frequency == Frequency.MONTHLY,
            **charts.parts_of(quote),
        }
    status = 422 if form.errors else 200
    return render(request, "lending/products/calculator.html", facts, status=status)
