"""The front page, home, and the small switches that every page carries."""

from decimal import Decimal

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import check_for_language, get_language
from django.views.decorators.http import require_GET, require_POST, require_safe
from django.views.i18n import set_language as keep_language_cookie

from accounts.access import drafts
from accounts.deposits.queries import Holding
from accounts.statements import queries as statements
from accounts.statements.rows import row_of
from branch.online import kit_sheet, queries
from branch.online import operations as online
from branch.online.flow import month_flow, today_of
from branch.online.forms import HideBalances, Theme
from branch.online.queries import Home
from payments.transfers.waits import wait_of
from wekeza.kit import fragments, receipts
from wekeza.kit.htmx import own_page

THEME_COOKIE = "wekeza_theme"
RECEIPTS = {"MV": "payments:transfers:receipt", "DP": "payments:topups:receipt"}
A_YEAR = 365 * 24 * 60 * 60


@require_safe  # A page that is about to be closed asks with HEAD to be kept.
def home(request):
    """The customer's first page; the bank's own to whoever is not signed in."""
    if not request.user.is_authenticated:
        return front(request)
    if request.actor.kind == "STAFF":
        return redirect("branch:workbench:home")
    holding, others = queries.first_of(request.actor)
    if holding is None:
        return front(request)
    now = timezone.now()
    key = _pieces_key(request, holding)
    pieces = fragments.find(*key)
    found = queries.home_of(
        request.actor, holding, others=others, at=now, needs_moved=pieces is None
    )
    if pieces is None:
        pieces = fragments.keep(_pieces(request, found), *key)
    owner_ref = holding.account.customer.owner_ref
    facts = {
        "home": found,
        "wait": wait_of(request.user, owner_ref=owner_ref, room=found.room, at=now),
        "pieces": pieces,
        "is_demo": settings.WEKEZA_DEMO,
    }
    return render(request, "branch/online/home.html", facts)


def _pieces_key(request, holding: Holding) -> tuple:
    """What the pieces of home depend on: the postings, the day, and how somebody wants to see."""
    how = (get_language(), request.user.hides_balances, timezone.localdate())
    return ("home", holding.account.customer.public_id, holding.number, holding.sequence, *how)


def _pieces(request, home: Home) -> dict[str, SafeString]:
    """The cards of home that change with a posting only, as HTML."""
    holding, currency = home.holding, home.holding.balance.currency
    facts = {
        "flow": month_flow(home.moved, on=timezone.localdate(), currency=currency),
        "today": today_of(home.moved, currency=currency),
        "rows": [] if home.is_new else [row_of(one) for one in statements.latest(holding)],
    }
    return {
        "recent": "" if home.is_new else _rendered(request, "_recent", facts),
        "flow": _rendered(request, "_flow", facts) if facts["flow"] else "",
    }


def _rendered(request, name: str, facts: dict) -> SafeString:
    return render_to_string(f"branch/online/{name}.html", facts, request)


@login_required
@require_GET
def receipt(request, receipt_no: str):
    """The short address of every receipt: its number says which room keeps it."""
    number = receipts.normalised(receipt_no)
    page = RECEIPTS.get(number.partition("-")[0])
    if page is None:
        raise Http404
    return redirect(page, number)


@require_safe
def front(request):
    """The bank to those who are not its customers yet: one promise and the true costs."""
    facts = {"free": (Decimal(0), "KES"), "is_demo": settings.WEKEZA_DEMO}
    return render(request, "branch/online/front.html", facts)


@require_GET
def session_ended(request):
    """What stands on the screen after a session; the way back keeps the page and what was typed."""
    facts = {
        "next": _way_back(request.GET),
        "why": request.GET.get("why", "idle"),
        "is_kept": drafts.is_waiting(request),
        "is_typed_lost": request.GET.get("typed") == "lost",
    }
    return render(request, "branch/online/session_ended.html", facts)


@require_POST
def set_language(request):
    """English or Swahili, on the same page; kept with the login, so messages follow it."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and check_for_language(language):
        online.choose_language(request.user, language=language)
    return keep_language_cookie(request)


@require_POST
def set_theme(request):
    """Light, dark, or as the phone says; kept with the login, else in a cookie."""
    form = Theme(request.POST)
    answer = HttpResponseRedirect(_way_back(request.POST), status=303)
    if form.is_valid():
        theme = form.cleaned_data["theme"]
        if request.user.is_authenticated:
            online.choose_theme(request.user, theme=theme)
        answer.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=A_YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return answer


@login_required
@require_POST
def hide_balances(request):
    """Figures or bullets, from the server: what is hidden is not in the page at all."""
    form = HideBalances(request.POST)
    if form.is_valid():
        online.hide_balances(request.user, hides=form.cleaned_data["hides"])
    return HttpResponseRedirect(_way_back(request.POST), status=303)


@require_GET
def kit(request):
    """The component sheet: every part of the design system, with the code of its words."""
    if not (settings.DEBUG or settings.WEKEZA_DEMO):
        raise Http404
    return render(request, "ui/kit.html", kit_sheet.parts())


def _way_back(said) -> str:
    """The page somebody came from, if it is one of ours; home otherwise."""
    return own_page(said.get("next", ""), otherwise="/")
