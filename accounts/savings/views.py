"""The accounts that a customer holds, opening savings, and why they got the interest they got."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import drafts
from accounts.deposits import queries as deposit_queries
from accounts.deposits.queries import NoSuchAccount
from accounts.products.models import SAVINGS
from accounts.savings import closing, forms, queries, quotes
from accounts.savings import operations as savings
from accounts.statements import queries as statements
from ledger.calendar import queries as calendar
from ledger.refusals import InsufficientFunds, MaximumBalance
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

ABOUT_THE_AMOUNT = (savings.OpeningTooSmall, InsufficientFunds, MaximumBalance)


@login_required
@require_GET
def index(request):
    """Every account with its number, balances, status, what it may hold and what it earns."""
    today = calendar.nairobi_date(timezone.now())
    kept = queries.accounts_of(request.actor, on=today)
    still = [one.holding for one in kept if not one.holding.is_closed]
    has_savings = any(one.is_savings and not one.holding.is_closed for one in kept)
    facts = {"kept": kept, "everyday": still[0] if still else None}
    if not has_savings:
        facts["offer"] = queries.offer(SAVINGS, on=today)
    return render(request, "accounts/savings/index.html", facts)


@drafts.offered
@login_required
def open(request):
    """How much; on POST the account is opened with its first money, once for each form."""
    at = timezone.now()
    holdings = [
        one
        for one in deposit_queries.open_held_by(request.actor)
        if one.account.product_id != SAVINGS
    ]
    form = forms.Open(request.POST or None, initial=dict(request.draft), holdings=holdings)
    if form.is_valid():
        try:
            account = savings.open_savings(
                source=form.cleaned_data["source"],
                money=form.cleaned_data["amount"],
                reference=form.cleaned_data["reference"],
                actor=request.actor,
                at=at,
            )
            words = _("Your savings account ending {ending} is open.")
            messages.success(request, words.format(ending=account.ending))
            return to_page(request, "accounts:savings:index")
        except ABOUT_THE_AMOUNT as refusal:
            form.add_error("amount", str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    today = calendar.nairobi_date(at)
    facts = {
        "form": form,
        "holding": holdings[0] if holdings else None,
        "offer": queries.offer(SAVINGS, on=today),
        "early": quotes.early_closure(SAVINGS, on=today),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/savings/open.html", facts, status=status)


@login_required
@require_GET
def interest(request, number: str):
    """What each day of a month earned, its sum, the tax, and what was paid for it."""
    try:
        holding = deposit_queries.one_held_by(request.actor, number=number)
    except NoSuchAccount as refusal:
        raise Http404 from refusal
    term = queries.interest_term_or_none(holding.account.product_id, on=calendar.business_date())
    if term is None:
        raise Http404
    first = calendar.month_start(holding.account.opened_date)
    this = calendar.month_start(calendar.business_date())
    month = forms.month_named(request.GET.get("month", ""), first=first, last=this)
    earned = queries.month_of(holding.account, month=month)
    before, after = month - timedelta(days=1), calendar.month_start(month + timedelta(days=32))
    facts = {
        "holding": holding,
        "term": term,
        "month": earned,
        "is_running": earned.payment is None and month == this,
        "before": f"{before:%Y-%m}" if before >= first else "",
        "after": f"{after:%Y-%m}" if after <= this else "",
    }
    if earned.payment and earned.payment.entry_id:
        facts["place"] = statements.place_of(
            holding, entry=earned.payment.entry_id, business_date=earned.payment.paid_on
        )
    return render(request, "accounts/savings/interest.html", facts)


@login_required
def close(request, number: str):
    """What closing comes to, to the cent; on POST the account is closed as it was shown."""
    at = timezone.now()
    account = _savings_of(request, number)
    problem = None
    if request.method == "POST" and account.closed_date is None:
        try:
            figures = request.POST.get("figures", "")
            closing.close(account, figures=figures, actor=request.actor, at=at)
        except Refusal as refusal:
            problem = refusal
        account.refresh_from_db()
    if account.closed_date is not None:
        return to_page(request, "accounts:savings:closed", number)
    quote = quotes.closing_of(account)
    facts = {
        "closing": quote,
        "problem": problem,
        "is_changed": isinstance(problem, closing.FiguresChanged),
        "refusal": quotes.refusal_of(quote, at=at),
    }
    return render(request, "accounts/savings/close.html", facts, status=422 if problem else 200)


@login_required
@require_GET
def closed(request, number: str):
    """What the closing came to, for as long as the customer is one."""
    account = _savings_of(request, number)
    if account.closed_date is None:
        return to_page(request, "accounts:savings:close", number)
    return render(request, "accounts/savings/closed.html", {"closing": quotes.closed_of(account)})


def _savings_of(request, number: str):
    try:
        return quotes.savings_of(request.actor, number=number)
    except NoSuchAccount as refusal:
        raise Http404 from refusal
