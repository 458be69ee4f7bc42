"""The books to look at: trial balance, ledgers of accounts, the journal, entries, control lines."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.books import exports, forms, freezes, queries
from branch.books.doors import page
from branch.registrations import operations as registrations
from branch.workbench import forms as workbench_forms
from branch.workbench.doors import needs, open_file, purpose_of, restriction
from branch.workbench.doors import page as workbench_page
from ledger.balances import ledgers
from ledger.balances import queries as balances
from ledger.balances.ledgers import Place
from ledger.calendar.queries import business_date
from ledger.chart.models import LedgerAccount
from ledger.journal import queries as journal_queries
from ledger.journal.models import Entry
from ledger.vouchers import kept
from ledger.vouchers import queries as voucher_queries
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

LOOK = "books.look"
MONTH_DAYS = 31


@needs(LOOK)
@require_GET
def trial_balance(request):
    """Every line at the end of a business date, debits against credits, in each currency."""
    form, found = _trial(request)
    today = business_date()
    facts = {
        "form": form,
        "balances": found,
        "on": form.chosen("on", today),
        "today": today,
        "query": request.GET.urlencode(),
    }
    return page(request, "trial_balance", facts, status=422 if form.errors else 200)


@needs(LOOK)
@require_GET
def export(request, form: str):
    """The trial balance as a file: the same lines and sums that the page shows."""
    if form not in exports.WRITERS:
        raise Http404
    filters, found = _trial(request)
    if filters.errors:
        return to_page(request, f"/books/?{request.GET.urlencode()}")
    answer = HttpResponse(exports.WRITERS[form](found), content_type=exports.TYPES[form])
    day = filters.chosen("on", business_date())
    answer["Content-Disposition"] = f'attachment; filename="trial-balance-{day}.{form}"'
    answer["Cache-Control"] = "no-store"
    return answer


@needs(LOOK)
def account(request, code: str):
    """
    The ledger of one account over some days. A customer's account is a look at the customer: it
    takes what their file takes, a purpose first of all.
    """
    row = get_object_or_404(LedgerAccount.objects.select_related("control"), code=code)
    held = queries.holder_of(row)
    if held is not None and (shut := _shut(request, held)):
        return shut
    if request.method != "GET":
        return to_page(request, "branch:books:account", code)
    form = forms.Span(request.GET or None, today=business_date())
    first, last = form.span(days=1 if row.is_control else MONTH_DAYS)
    found = ledgers.ledger_of(
        row, first=first, last=last, after=Place.read(request.GET.get("after", ""))
    )
    facts = {
        "account": row,
        "held": held,
        "ledger": found,
        "form": form,
        "is_stopped": freezes.stopped().filter(pk=row.pk).exists(),
        "sealed": _closed(request, {one.account for one in found.rows}),
        "later": _address(request, after=found.more),
        "is_later": "after" in request.GET,
    }
    return page(request, "account", facts, status=422 if form.errors else 200)


@needs(LOOK)
@require_GET
def journal(request):
    """The entries of some days, the newest first; what is looked for stands in the address."""
    today = business_date()
    days = forms.Span(request.GET or None, today=today).span(days=1)
    form = forms.Journal(request.GET or None, today=today, kinds=journal_queries.kinds_of(*days))
    before = request.GET.get("before", "")
    is_place = before.isascii() and before.isdigit() and len(before) <= 18
    found = journal_queries.page_of(_search(form), before=int(before) if is_place else None)
    facts = {
        "form": form,
        "first": days[0],
        "last": days[1],
        "entries": queries.with_names(queries.with_amounts(found.rows), "actor"),
        "older": _address(request, before=found.older),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return page(request, "journal", facts, status=422 if form.errors else 200)


@needs(LOOK)
@require_GET
def entry(request, number: int):
    """One entry: its postings, what it took back or what took it back, its voucher, its trail."""
    row = get_object_or_404(Entry.objects.select_related("reverses"), pk=min(number, 2**62))
    postings = journal_queries.postings_of(row)
    takes_a_reversal = row.reverses_id is None and kept.by_kind(row.kind) is None
    may_reverse = takes_a_reversal and holds(request, "books.write")
    mirror = Entry.objects.filter(reverses=row).first()
    facts = {
        "entry": row,
        "postings": postings,
        "totals": voucher_queries.totals_of(voucher_queries.mirror_of(row)),
        "sealed": _closed(request, {posting.account for posting in postings}),
        "said": queries.said_by(row),
        "by": queries.names_of([row.actor])[row.actor],
        "mirror": mirror,
        "voucher": voucher_queries.of_entry(row),
        "asked": voucher_queries.reversal_waiting(row),
        "trail": queries.trail_of(row),
        "may_reverse": may_reverse and mirror is None,
    }
    return page(request, "entry", facts)


@needs(LOOK)
@require_GET
def controls(request):
    """Control lines against their accounts and the tables of the products, on any day."""
    today = business_date()
    form = forms.Trial(request.GET or None, today=today)
    on = form.chosen("on", today)
    found = queries.controls(on)
    facts = {
        "form": form,
        "on": on,
        "controls": found,
        "faults": [] if all(one.ties for one in found) else queries.faults(on),
        "ties": all(one.ties for one in found),
    }
    return page(request, "controls", facts, status=422 if form.errors else 200)


def _trial(request):
    form = forms.Trial(request.GET or None, today=business_date())
    found = balances.trial_balance(
        form.chosen("on", form.today), currency=form.chosen("currency", "")
    )
    if form.chosen("lines", "") == "all":
        return form, found
    return form, [one.with_a_balance() for one in found]


def _search(form: forms.Journal) -> journal_queries.Search:
    first, last = form.span(days=1)
    who, amount = form.chosen("who", ""), form.chosen("amount", None)
    return journal_queries.Search(
        first=first,
        last=last,
        kind=form.chosen("kind", ""),
        reference=form.chosen("reference", "").strip(),
        actors=queries.actors_named(who) if who else [],
        amount=amount and amount.amount,
        source=form.chosen("source", "").strip(),
        branch=form.chosen("place", ""),
    )


def _shut(request, held) -> HttpResponse | None:
    """What stands before somebody's account: nothing, the question for a purpose, or a refusal."""
    if not holds(request, "customer.look"):
        raise PermissionDenied
    if held.business_id:
        return _shut_business(request, held.business)
    if purpose_of(request, held.customer):
        return None
    form = workbench_forms.Purpose(
        request.POST or None, may_investigate=holds(request, "monitor.look")
    )
    if form.is_valid():
        try:
            open_file(request, held.customer, purpose=form.cleaned_data["purpose"])
            return to_page(request, request.get_full_path())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {"customer": held.customer, "form": form} | restriction(request, held.customer)
    return workbench_page(request, "purpose", facts, status=422 if form.errors else 200)


def _shut_business(request, business) -> HttpResponse | None:
    try:
        registrations.look_at_money(
            business, member=request.staff, actor=request.actor, at=timezone.now()
        )
    except Refusal as refusal:
        facts = {"business": business, "refusal": refusal}
        return page(request, "shut", facts, status=refusal.status)
    return None


def _closed(request, accounts) -> set[int]:
    return queries.closed_to(accounts, member=request.staff, actor=request.actor, at=timezone.now())


def _address(request, **place) -> str:
    """The same filters from another place on, if there is one."""
    [(name, value)] = place.items()
    if value is None:
        return ""
    kept = request.GET.copy()
    kept[name] = str(value)
    return f"?{kept.urlencode()}"
