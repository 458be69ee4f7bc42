"""Asking for a loan on one page; the answer, with its reasons or its offer, at its own address."""

from dataclasses import replace
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from accounts.access import authorise_pages, devices, drafts
from accounts.access.authorise_forms import form_for, tell
from accounts.access.passkeys import WrongPasskey
from accounts.customers.visiting import visitor
from ledger.calendar import queries as calendar
from ledger.money import BadAmount, parse
from lending.applications import operations as applications
from lending.applications import pace
from lending.applications import queries as application_queries
from lending.credit import queries as credit
from lending.decisions import forms, keeping, operations, queries, taking, words
from lending.decisions.refusals import (
    AlreadyAsked,
    NoSuchApplication,
    OfferChanged,
    OfferEnded,
    OverLimit,
    OverTerms,
)
from lending.products import queries as products
from lending.products import quotes
from lending.products import words as product_words
from lending.products.models import ONLINE
from lending.stops import queries as stops
from wekeza.kit.dated import NoSuchTerm
from wekeza.kit.db import OutcomeUnknown
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page


@drafts.offered
@login_required
def apply(request):
    """How much and how one earns, with what it costs; on POST the answer."""
    at, today = timezone.now(), calendar.business_date()
    customer = visitor(request)
    try:
        offer = products.offer(ONLINE, on=today)
    except NoSuchTerm:
        return render(request, "lending/products/nothing.html", status=503)
    limit = credit.limit_of(customer, on=today)
    begun = {"begun": pace.begun(customer, at=at)}
    form = forms.Apply(
        request.POST or None, initial=begun | dict(request.draft), term=offer.term,
        limit=limit.amount,
        language=translation.get_language(), device=devices.index_of(request),
    )  # fmt: skip
    if form.is_valid():
        try:
            typed = pace.of(request, customer, begun=form.cleaned_data["begun"], at=at)
            application = operations.apply(
                customer, wish=replace(form.wish, typed=typed), at=at, actor=request.actor,
                reference=form.cleaned_data["reference"],
            )  # fmt: skip
            return to_page(request, "lending:decisions:answer", application.public_id)
        except AlreadyAsked as refusal:
            messages.info(request, str(refusal))
            return to_page(request, "lending:decisions:answer", refusal.facts["application"])
        except (OverLimit, OverTerms) as refusal:
            form.add_error("amount", str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "form": form,
        "offer": offer,
        "limit": limit,
        "stopped": stops.stop_on(offer.product),
        "may_ask": queries.is_open_to_ask(customer, on=today),
        **_cost(form["amount"].value(), offer),
    }
    status = 422 if form.errors else 200
    return render(request, "lending/decisions/apply.html", facts, status=status)


@login_required
@require_GET
def cost(request):
    """What an amount costs, put under its box while the customer goes on typing."""
    offer = products.offer(ONLINE, on=calendar.business_date())
    facts = _cost(request.GET.get("amount"), offer)
    return render(request, "lending/decisions/apply.html#cost", facts)


@login_required
@sensitive_post_parameters("code", "credential")
def answer(request, public_id: UUID):
    """Yes with the offer, no with the reasons, or a person looks; whatever is done with it."""
    at = timezone.now()
    try:
        application = application_queries.one_of(request.actor, public_id=public_id)
    except NoSuchApplication as refusal:
        raise Http404 from refusal
    if request.method == "POST" and "withdraw" in request.POST:
        return _withdraw(request, application, at=at)
    if request.method == "POST" and "person" in request.POST:
        return _ask_person(request, application, at=at)
    if application.is_taken:
        return to_page(request, "lending:repayments:loan", application.loan.public_id)
    if application.is_approved and at < application.offer_until:
        return _offer(request, application, at=at)
    decision, due = queries.last_of(application), queries.answered_by(application, at=at)
    facts = {
        "is_checking": application.is_asked and at - application.asked_at < keeping.PATIENCE,
        "application": application,
        "decision": decision,
        "reasons": words.reasons_of(decision) if decision else [],
        "is_ended": application.is_approved,
        "is_by_person": decision is not None and decision.overrides_id is not None,
        "due": due,
        "is_overdue": due is not None and due < at,
        "review_days": queries.review_days(at=at),
    }
    return render(request, "lending/decisions/answer.html", facts)


def _offer(request, application, *, at):
    """The key facts, and below them what signs them."""
    offer = taking.offer_of(application)
    intent = taking.intent_of(offer, at=at)
    shown = partial(_offer_page, request, offer, intent, at=at)
    try:
        if done := authorise_pages.pressed_aside(request, intent, at=at):
            return done
    except Refusal as refusal:
        return shown(problem=str(refusal))
    form = form_for(forms.Take, intent, request=request, typed=request.POST or None)
    if form.is_valid():
        try:
            loan = taking.take(
                application, figures=form.cleaned_data["figures"],
                secret=form.cleaned_data["secret"], at=at, actor=request.actor,
            )  # fmt: skip
            taken = _("{amount} is in your account. Receipt {number}.")
            if application.payee:
                taken = _("{amount} was paid to the seller. Receipt {number}.")
            messages.success(request, taken.format(amount=loan.money, number=loan.receipt_no))
            return to_page(request, "lending:repayments:loan", loan.public_id)
        except OutcomeUnknown:
            status = 409 if request.htmx else 503  # htmx shows no 503; nobody may miss this page.
            return render(
                request, "lending/decisions/unknown.html", {"offer": offer}, status=status
            )
        except (OfferChanged, OfferEnded, WrongPasskey) as refusal:
            return shown(problem=str(refusal))
        except Refusal as refusal:
            tell(form, refusal)
    return shown(form=form)


def _offer_page(request, offer, intent, *, at, form=None, problem: str = ""):
    form = form or form_for(forms.Take, intent, request=request)
    form.initial["figures"] = offer.figures
    facts = {
        "offer": offer,
        "application": offer.application,
        "quote": offer.quote,
        "payee": offer.application.payee,
        "is_less": offer.decision.money < offer.application.money,
        "reasons": words.reasons_of(offer.decision),
        "late": product_words.late(offer.quote.term),
        "problem": problem,
        "stopped": stops.stop_on(offer.application.product),
        **authorise_pages.facts_of(form, intent, at=at),
    }
    status = 422 if form.errors or problem else 200
    return render(request, "lending/decisions/offer.html", facts, status=status)


def _withdraw(request, application, *, at):
    try:
        applications.withdraw(application, at=at, actor=request.actor)
        messages.success(request, _("Given up. You owe nothing."))
    except Refusal as refusal:
        messages.info(request, str(refusal))
    return to_page(request, "lending:overview:index")


def _ask_person(request, application, *, at):
    try:
        operations.ask_person(application, at=at, actor=request.actor)
    except Refusal as refusal:
        messages.info(request, str(refusal))
    return to_page(request, "lending:decisions:answer", application.public_id)


def _cost(typed, offer) -> dict:
    """The three lines that stand together, for an amount that the product lends; else nothing."""
    try:
        money = typed if hasattr(typed, "amount") else parse(typed or "")
    except BadAmount:
        return {}
    term = offer.term
    if not term.lends(money):
        return {}
    quote = quotes.quote(
        term, principal=money, tenor=term.most_tenor, percent=offer.highest,
        start=calendar.business_date(),
    )  # fmt: skip
    return {"quote": quote, "late": product_words.late(term)}
