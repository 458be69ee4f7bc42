"""A business's loans: what it may borrow, asking for it, the answer, and signing the offer."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from accounts.access import authorise_pages, devices, drafts
from accounts.access.authorise_forms import form_for, tell
from accounts.access.passkeys import WrongPasskey
from accounts.businesses.doors import members_only
from accounts.businesses.models import Member
from accounts.documents import queries as documents
from ledger.calendar import queries as calendar
from lending.applications import operations as applications
from lending.applications import pace
from lending.applications.states import OPEN, ApplicationState
from lending.business import forms, limits, operations, queries, quotes, taking
from lending.decisions import keeping, words
from lending.decisions import operations as decisions
from lending.decisions import queries as decision_queries
from lending.decisions.refusals import (
    AlreadyAsked,
    NoSuchApplication,
    OfferChanged,
    OfferEnded,
    OverLimit,
    OverTerms,
)
from lending.loans import queries as loans
from lending.loans.states import OWED
from lending.products import words as product_words
from lending.repayments import operations as repayments
from lending.stops import queries as stops
from wekeza.kit.dated import NoSuchTerm
from wekeza.kit.db import OutcomeUnknown
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

Role, PAGES = Member.Role, "lending/business"
ANSWER, INDEX = "business_loans:answer", "business_loans:index"
SHOWN, PAGE = 10, 20  # Past loans and answers on the first page; on a page of all.


@members_only
@require_GET
def index(request, member):
    """What the business owes, what it asked for, and how to ask."""
    business, today = member.business, calendar.business_date()
    offer = _offer(today)
    mine, asked = loans.of_business(business), queries.of(business)
    facts = {
        "business": business,
        "member": member,
        "offer": offer,
        "stopped": stops.stop_on(offer.product) if offer else None,
        "amounts": product_words.amounts(offer.term) if offer else "",
        "debts": [repayments.owed_of(loan, on=today) for loan in mine.filter(state__in=OWED)],
        "past": mine.exclude(state__in=OWED)[:SHOWN],
        "asked": asked.exclude(state=ApplicationState.TAKEN)[:SHOWN],
        "has_asked": asked.exists(),
        "may_ask": _may_ask(business),
    }
    return render(request, f"{PAGES}/index.html", facts)


@members_only
@require_GET
def asked(request, member):
    """Every application of the business, the newest first, those that were paid out among them."""
    rows = Paginator(queries.of(member.business), PAGE).get_page(request.GET.get("page"))
    facts = {"business": member.business, "rows": rows}
    return render(request, "lending/overview/asked.html", facts)


@drafts.offered
@members_only(role=Role.DIRECTOR)
def apply(request, member):
    """The figures of the business and its wish, with the limit that they make; then the answer."""
    at, offer = timezone.now(), _offer(calendar.business_date())
    if offer is None:
        return render(request, "lending/products/nothing.html", status=503)
    is_look = "look" in request.POST
    sent = (request.POST, request.FILES) if request.method == "POST" and not is_look else ()
    begun = {"begun": pace.begun(member.customer, at=at)}
    form = forms.Apply(
        *sent, initial=begun | (request.POST.dict() if is_look else dict(request.draft)),
        offer=offer, language=translation.get_language(),
        paper_there=lambda kind: queries.paper_there(member.business, evidence=kind, at=at),
    )  # fmt: skip
    if form.is_valid() and (answered := _ask(request, member, form, at=at)):
        return answered
    figures = forms.Figures(request.POST, offer=offer) if request.method == "POST" else None
    facts = {
        "form": form,
        "stopped": stops.stop_on(offer.product),
        "figures": figures if is_look else None,
        "business": member.business,
        "may_ask": _may_ask(member.business),
        "papers": queries.papers_of(member.business, at=at),
        "most_megabytes": documents.most_megabytes(on=timezone.localdate(at)),
        **_made(figures),
    }
    return render(request, f"{PAGES}/apply.html", facts, status=422 if form.errors else 200)


@members_only(role=Role.DIRECTOR)
@require_GET
def limit(request, member):
    """The limit of the figures so far, put under them while the director goes on typing."""
    offer = _offer(calendar.business_date())
    figures = forms.Figures(request.GET, offer=offer) if offer else None
    return render(request, f"{PAGES}/_limit.html", _made(figures))


@members_only
@sensitive_post_parameters("code", "credential")
def answer(request, member, application: UUID):
    """Yes with the offer, no with the reasons, or a person looks; whatever is done with it."""
    at = timezone.now()
    try:
        row = queries.one_of(member.business, public_id=application)
    except NoSuchApplication as refusal:
        raise Http404 from refusal
    if request.method == "POST" and ("withdraw" in request.POST or "person" in request.POST):
        return _give_up_or_ask(request, member, row, at=at)
    if row.is_taken:
        return to_page(request, "lending:repayments:loan", row.loan.public_id)
    if row.is_approved and at < row.offer_until:
        return _offer_asked(request, member, row, at=at)
    decision, due = decision_queries.last_of(row), decision_queries.answered_by(row, at=at)
    facts = {
        "is_checking": row.is_asked and at - row.asked_at < keeping.PATIENCE,
        "business": member.business,
        "member": member,
        "application": row,
        "decision": decision,
        "reasons": words.reasons_of(decision) if decision else [],
        "is_ended": row.is_approved,
        "is_by_person": decision is not None and decision.overrides_id is not None,
        "due": due,
        "is_overdue": due is not None and due < at,
        "review_days": decision_queries.review_days(at=at),
    }
    return render(request, f"{PAGES}/answer.html", facts)


def _ask(request, member, form, *, at):
    """To the answer, or None with what is wrong in the form."""
    business, facts, by = member.business, form.cleaned_data, {"at": at, "actor": request.actor}
    try:
        paper = queries.paper_there(business, evidence=facts["evidence"], at=at)
        if facts["paper"]:
            content = facts["paper"].read()
            paper = operations.send_paper(
                business, evidence=facts["evidence"], content=content, **by
            )
    except Refusal as refusal:
        return form.add_error("paper", str(refusal))
    typed = pace.of(request, member.customer, begun=facts["begun"], at=at)
    wish = form.wish(document=paper, device=devices.index_of(request), typed=typed)
    try:
        row = operations.apply(business, wish=wish, reference=facts["reference"], **by)
        return to_page(request, ANSWER, business.public_id, row.public_id)
    except AlreadyAsked as refusal:
        messages.info(request, str(refusal))
        return to_page(request, ANSWER, business.public_id, refusal.facts["application"])
    except (OverLimit, OverTerms) as refusal:
        return form.add_error("amount", str(refusal))
    except Refusal as refusal:
        return form.add_error(None, str(refusal))


def _give_up_or_ask(request, member, row, *, at):
    """Directors alone withdraw, or want a person to look again."""
    if not member.is_director:
        raise PermissionDenied
    is_over = "withdraw" in request.POST
    try:
        if is_over:
            applications.withdraw(row, at=at, actor=request.actor)
            messages.success(request, _("Given up. You owe nothing."))
        else:
            decisions.ask_person(row, at=at, actor=request.actor)
    except Refusal as refusal:
        messages.info(request, str(refusal))
    here = (member.business.public_id,) if is_over else (member.business.public_id, row.public_id)
    return to_page(request, INDEX if is_over else ANSWER, *here)


def _offer_asked(request, member, row, *, at):
    """The key facts, who must sign them, and one's own signature."""
    offer = taking.offer_of(row)
    intent = taking.intent_of(offer, member, at=at)
    shown = partial(_offer_page, request, member, offer, intent, at=at)
    try:
        if done := authorise_pages.pressed_aside(request, intent, at=at):
            return done
    except Refusal as refusal:
        return shown(problem=str(refusal))
    form = _sign_form(request, member, offer, intent, request.POST or None)
    if form.is_valid():
        try:
            return _signed(request, member, row, form, at=at)
        except OutcomeUnknown:
            status = 409 if request.htmx else 503
            facts = {"offer": offer, "business": member.business}
            return render(request, f"{PAGES}/unknown.html", facts, status=status)
        except (OfferChanged, OfferEnded, WrongPasskey) as refusal:
            return shown(problem=str(refusal))
        except Refusal as refusal:
            tell(form, refusal)
    return shown(form=form)


def _signed(request, member, row, form, *, at):
    taken = taking.sign(
        row, figures=form.cleaned_data["figures"], secret=form.cleaned_data["secret"], at=at,
        actor=request.actor,
    )  # fmt: skip
    if taken.loan is None:
        messages.success(request, _("Signed. Nothing is paid out yet."))
        return to_page(request, ANSWER, member.business.public_id, row.public_id)
    said = _("{amount} is in the account of the business. Receipt {number}.")
    messages.success(request, said.format(amount=taken.loan.money, number=taken.loan.receipt_no))
    return to_page(request, "lending:repayments:loan", taken.loan.public_id)


def _offer_page(request, member, offer, intent, *, at, form=None, problem: str = ""):
    form = form or _sign_form(request, member, offer, intent, None)
    form.initial["figures"] = offer.figures
    me, around = member.customer.pk, authorise_pages.facts_of(form, intent, at=at)
    try:
        standing = taking.standing_of(offer)
    except Refusal as refusal:
        standing, problem = None, problem or str(refusal)
    may_sign = standing is not None and any(one.pk == me for one in standing.may_sign)
    has_signed = bool(taking.signed_by(offer, member))
    facts = around | {
        "offer": offer,
        "business": member.business,
        "member": member,
        "application": offer.application,
        "quote": offer.quote,
        "standing": standing,
        "may_sign": may_sign,
        "is_unpaid": standing is not None and standing.is_enough and has_signed,
        "is_made_by_me": offer.application.customer_id == me and member.may_sign,
        "is_less": offer.decision.money < offer.application.money,
        "reasons": words.reasons_of(offer.decision),
        "problem": problem,
        "stopped": stops.stop_on(offer.application.product),
        "has_passkey": may_sign and around["has_passkey"],
    }
    status = 422 if form.errors or (problem and request.method == "POST") else 200
    return render(request, f"{PAGES}/offer.html", facts, status=status)


def _sign_form(request, member, offer, intent, typed):
    has_signed = bool(taking.signed_by(offer, member))
    return form_for(forms.Sign, intent, request=request, typed=typed, has_signed=has_signed)


def _made(figures) -> dict:
    """The limit of figures that are whole, and what the amount among them would cost."""
    if figures is None or not figures.is_valid():
        return {}
    told, facts, today = figures.told, figures.cleaned_data, calendar.business_date()
    term, tenor = figures.offer.term, facts["tenor"]
    made = {
        "limit": limits.limit_of(told, term=term, tenor=tenor, on=today),
        "percent": quotes.percent_of(told, term),
    }
    if facts["amount"] and term.lends(facts["amount"]):
        made["quote"] = quotes.quote(
            told, term=term, principal=facts["amount"], tenor=tenor, on=today
        )
        made["late"] = product_words.late(term)
    return made


def _may_ask(business) -> bool:
    has_open = queries.of(business).filter(state__in=OPEN).exists()
    return business.is_active and not has_open and not loans.active_of(business)


def _offer(today):
    try:
        return queries.offer_on(today)
    except NoSuchTerm:
        return None
