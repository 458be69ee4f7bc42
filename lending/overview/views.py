"""How much may be borrowed and how that figure is made; loans and applications that there are."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.customers.visiting import visitor
from ledger.calendar import queries as calendar
from lending.applications import queries as applications
from lending.applications.states import ApplicationState
from lending.asking import queries as asking
from lending.credit import queries as credit
from lending.decisions import queries as decisions
from lending.loans import queries as loans
from lending.loans.states import OWED
from lending.products import queries as products
from lending.products import words
from lending.products.models import ONLINE
from lending.repayments import operations as repayments
from lending.restructures import queries as restructures
from lending.stops import queries as stops

SHOWN, PAGE = 10, 20  # Past loans and answers on the first page; on a page of all.


@login_required
@require_GET
def index(request):
    """The limit, worked out anew; what is owed; what was asked for; what else the bank lends."""
    customer, today = visitor(request), calendar.business_date()
    limit = credit.limit_of(customer, on=today)
    mine, asked = loans.of(request.actor), applications.of(request.actor)
    facts = {
        "limit": limit,
        "stopped": stops.stop_on(products.all_products().get(code=ONLINE)),
        "may_ask": decisions.is_open_to_ask(customer, on=today),
        "changes": restructures.offered_to(customer, at=timezone.now()),
        "debts": [repayments.owed_of(loan, on=today) for loan in mine.filter(state__in=OWED)],
        "past": mine.exclude(state__in=OWED)[:SHOWN],
        "asked": asked.exclude(state=ApplicationState.TAKEN)[:SHOWN],
        "has_asked": asked.exists(),
        "offers": [(one.product, words.summary(one)) for one in asking.offers(on=today)],
    }
    return render(request, "lending/overview/index.html", facts)


@login_required
@require_GET
def asked(request):
    """Every application there was, the newest first, those that were paid out among them."""
    rows = Paginator(applications.of(request.actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "lending/overview/asked.html", {"rows": rows})
