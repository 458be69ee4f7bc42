"""Transactions with search and filters in the address, one transaction, and statements."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.deposits import queries as deposit_queries
from accounts.deposits.queries import NoSuchAccount
from accounts.statements import filed, forms, queries
from accounts.statements.models import StatementFile
from accounts.statements.queries import Cursor, NoSuchTransaction, Transaction
from accounts.statements.rows import row_of
from ledger.calendar import queries as calendar


@login_required
@require_GET
def index(request):
    """What can be looked at: transactions and statements of each account."""
    holdings = deposit_queries.seen_by(request.actor)
    return render(request, "accounts/statements/index.html", {"holdings": holdings})


@login_required
@require_GET
def transactions(request):
    """The newest transactions that pass the filters, 25 at a time."""
    form = forms.Search(request.GET or None, holdings=deposit_queries.seen_by(request.actor))
    holding, filters = form.holding, form.filters
    before = Cursor.read(request.GET.get("before", ""))
    page = queries.Page()
    if holding is not None:
        page = queries.page_of(holding, filters=filters, before=before)
    here = reverse("accounts:statements:transactions")
    kept = _without_cursor(request)
    facts = {
        "form": form,
        "holding": holding,
        "rows": [row_of(transaction) for transaction in page.rows],
        "older": f"{here}?{_with(kept, before=page.older)}" if page.older else "",
        "newer": f"{here}?{kept.urlencode()}" if before else "",
        "clear": here,
        "is_filtered": filters.is_set,
        "count": _count_words(len(page.rows), has_older=page.older is not None),
        "looked_for": filters.words,
    }
    return render(request, "accounts/statements/transactions.html", facts)


@login_required
@require_GET
def transaction(request, number: str, place: str):
    """One transaction with everything that the books know of it."""
    found = _transaction_of(request, number=number, place=place)
    return render(request, "accounts/statements/transaction.html", {"transaction": found})


@login_required
@require_GET
def statement(request):
    """A statement over a period of business dates, on the screen and for paper."""
    form = forms.Period(
        request.GET or None,
        holdings=deposit_queries.seen_by(request.actor),
        business_date=calendar.business_date(),
    )
    facts = {"form": form, "statement": None, "files": filed.latest_of(request.actor)}
    if form.holding is not None and form.days is not None:
        from_date, to_date = form.days
        after = Cursor.read(request.GET.get("after", ""))
        found = queries.statement_of(
            form.holding, from_date=from_date, to_date=to_date, after=after
        )
        facts |= {"forms": StatementFile.Form.choices}
        facts |= {"statement": found, "is_first_page": after is None}
        if found.more:
            facts["more"] = f"?{_with(_without_cursor(request), after=found.more)}"
    status = 422 if form.errors else 200
    return render(request, "accounts/statements/statement.html", facts, status=status)


def _transaction_of(request, *, number: str, place: str) -> Transaction:
    cursor = Cursor.read(place)
    if cursor is None:
        raise Http404
    try:
        holding = deposit_queries.one_seen_by(request.actor, number=number)
        return queries.one_of(holding, cursor=cursor)
    except (NoSuchAccount, NoSuchTransaction) as refusal:
        raise Http404 from refusal


def _without_cursor(request):
    kept = request.GET.copy()
    for name in ("before", "after"):
        kept.pop(name, None)
    return kept


def _with(kept, **cursor) -> str:
    parts = kept.copy()
    parts.update({name: str(value) for name, value in cursor.items()})
    return parts.urlencode()


def _count_words(shown: int, *, has_older: bool) -> str:
    if not shown:
        return ""
    if has_older:
        return _("{n} transactions shown, there are older ones").format(n=shown)
    return ngettext("{n} transaction", "{n} transactions", shown).format(n=shown)
