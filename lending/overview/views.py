"""How much may be borrowed and how that figure is made; loans and applications that there are."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.customers.visiting import visitor
from ledger.calendar import queries as calendar
from lending.applications import queries as applications
from lending.asking import queries as asking
from lending.credit import queries as credit
from lending.decisions import queries as decisions
from lending.loans import queries as loans
from lending.products import queries as products
from lending.products import words
from lending.products.models import ONLINE
from lending.repayments import operations as repayments
from lending.restructures import queries as restructures
from lending.stops import queries as stops

SHOWN = 10  # Past loans and answers.


@login_required
@require_GET
def index(request):
    """The limit, worked out anew; what is owed; what was asked for; what else the bank lends."""
    customer, today = visitor(request), calendar.business_date()
    limit = credit.limit_of(customer, on=today)
    mine = list(loans.of(request.actor)[:SHOWN])
    facts = {
        "limit": limit,
        "stopped": stops.stop_on(products.all_products().get(code=ONLINE)),
        "may_ask": decisions.is_open_to_ask(customer, on=today),
        "changes": restructures.offered_to(customer, at=timezone.now()),
        "debts": [repayments.owed_of(loan, on=today) for loan in mine if loan.is_owed],
        "past": [loan for loan in mine if not loan.is_owed],
        "asked": [one for one in applications.of(request.actor)[:SHOWN] if not one.is_taken],
        "offers": [(one.product, words.summary(one)) for one in asking.offers(on=today)],
    }
    return render(request, "lending/overview/index.html", facts)
