"""Vouchers: the list, writing one, taking an entry back, and the voucher itself."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branch.books import forms, operations, queries
from branch.books.doors import page
from branch.workbench.doors import needs
from branch.workbench.queries import shown
from ledger.calendar.queries import business_date
from ledger.journal.models import Entry
from ledger.vouchers import operations as vouchers
from ledger.vouchers import queries as voucher_queries
from ledger.vouchers.models import Voucher
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds

LOOK, WRITE = "books.look", "books.write"
PAGE = 50


@needs(LOOK)
@require_GET
def index(request):
    """What waits, what was posted, and one's own drafts; found by number or words."""
    words, state = request.GET.get("q", "")[:80].strip(), request.GET.get("state", "")
    before = request.GET.get("before", "")
    person = request.actor.person
    rows = voucher_queries.vouchers(state=state, words=words, person=person)
    if before.isascii() and before.isdigit() and len(before) <= 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    kept = request.GET.copy()
    kept["before"] = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    facts = {
        "rows": queries.with_names(found[:PAGE], "maker"),
        "words": words,
        "state": state,
        "states": [
            ("", "All"),
            ("DRAFT", "Drafts"),
            ("PENDING", "Waiting"),
            ("POSTED", "Posted"),
            ("OVER", "Not posted"),
        ],
        "older": f"?{kept.urlencode()}" if kept["before"] else "",
        "may_write": holds(request, WRITE),
    }
    return page(request, "vouchers", facts)


@needs(WRITE)
def write(request, public_id: UUID | None = None):
    """Write a voucher, or change a draft: lines are added, and checked before they are kept."""
    row = _draft(request, public_id) if public_id else None
    head = forms.VoucherHead(request.POST or None, initial=_head_of(row))
    lines = forms.VoucherLines(request.POST or None, initial=_lines_of(row), prefix="line")
    if request.method == "POST" and request.POST.get("deed") == "add":
        head = forms.VoucherHead(initial=request.POST.dict())
        lines = lines.with_another()
    elif request.method == "POST" and all([head.is_valid(), lines.is_valid()]):
        try:
            kept = operations.write(
                row, written=head.written(), lines=lines.booked(), **_whoever(request)
            )
            return to_page(request, "branch:books:voucher", kept.public_id)
        except Refusal as refusal:
            head.add_error(None, str(refusal))
    facts = {"form": head, "lines": lines, "row": row, "today": business_date()}
    is_bad = head.errors or any(lines.errors) if lines.is_bound else head.errors
    return page(request, "write", facts, status=422 if is_bad else 200)


@needs(WRITE)
def reverse(request, number: int):
    """Ask that an entry be taken back: first as a draft, which shows the mirror."""
    entry = get_object_or_404(Entry, pk=min(number, 2**62))
    form = forms.Reversal(request.POST or None)
    if form.is_valid():
        try:
            row = operations.take_back(entry, **form.cleaned_data, **_whoever(request))
            return to_page(request, "branch:books:voucher", row.public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    lines = voucher_queries.mirror_of(entry)
    facts = {"entry": entry, "form": form} | _booked(request, lines)
    return page(request, "reverse", facts, status=422 if form.errors else 200)


@needs(LOOK)
def voucher(request, public_id: UUID):
    """One voucher: a draft with its totals, what waits, or what was posted; to be printed too."""
    row = _voucher(request, public_id)
    form = forms.Ask(request.POST or None)
    if request.method == "POST" and not holds(request, WRITE):
        raise PermissionDenied
    if form.is_valid():
        try:
            if form.cleaned_data["deed"] == "throw":
                vouchers.throw_away(row, actor=request.actor)
                return to_page(request, "branch:books:vouchers")
            operations.ask(
                row,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=timezone.now(),
            )
            return to_page(request, "branch:books:voucher", public_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            row.refresh_from_db()
    people = [row.maker, *([row.approval.checker] if row.approval else [])]
    names = queries.names_of(one for one in people if one)
    facts = {
        "voucher": row,
        "form": form,
        "approval": shown([row.approval])[0] if row.approval else None,
        "maker": names[row.maker],
        "is_own": row.maker_person == request.actor.person,
    } | _booked(request, voucher_queries.lines_of(row))
    return page(request, "voucher", facts, status=422 if form.errors else 200)


def _whoever(request) -> dict:
    return {"member": request.staff, "actor": request.actor, "at": timezone.now()}


def _booked(request, lines) -> dict:
    """Lines with their accounts, totals by currency, and whose numbers are not shown."""
    accounts = voucher_queries.accounts_of(lines)
    at = timezone.now()
    return {
        "lines": [(line, accounts[line.account_id]) for line in lines],
        "totals": voucher_queries.totals_of(lines),
        "sealed": queries.closed_to(
            accounts.values(), member=request.staff, actor=request.actor, at=at
        ),
    }


def _voucher(request, public_id: UUID) -> Voucher:
    rows = voucher_queries.vouchers(person=request.actor.person)
    return get_object_or_404(rows, public_id=public_id)


def _draft(request, public_id: UUID) -> Voucher:
    row = _voucher(request, public_id)
    if not row.is_draft or row.is_reversal:
        raise Http404
    return row


def _head_of(row: Voucher | None) -> dict:
    names = ("kind", "narrative", "value_date", "paper_ref", "customer_reason")
    return {name: getattr(row, name) for name in names} if row else {}


def _lines_of(row: Voucher | None) -> list[dict]:
    if row is None:
        return [{}] * forms.FIRST_LINES
    return [
        {
            "account": line.account.code,
            "debit" if line.is_debit else "credit": str(line.money).partition(" ")[2],
        }
        for line in row.lines.select_related("account").order_by("place")
    ]
