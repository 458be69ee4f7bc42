"""Asking for a loan on one page; the answer, with its reasons or its offer, at its own address."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from accounts.access import authorising, devices, drafts
from accounts.access.authorise_forms import ABOUT_THE_CODE
from accounts.access.authorising import Way
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
from wekeza.kit.dated import NoSuchTerm
from wekeza.kit.db import OutcomeUnknown
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.words import masked_phone


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
    decision = queries.last_of(application)
    facts = {
        "is_checking": application.is_asked and at - application.asked_at < keeping.PATIENCE,
        "application": application,
        "decision": decision,
        "reasons": words.reasons_of(decision) if decision else [],
        "is_ended": application.is_approved,
        "is_by_person": decision is not None and decision.overrides_id is not None,
    }
    return render(request, "lending/decisions/answer.html", facts)


def _offer(request, application, *, at):
    """The key facts, and below them what signs them."""
    offer = taking.offer_of(application)
    intent = taking.intent_of(offer, at=at)
    if request.method == "POST" and "resend" in request.POST:
        return _text_code(request, offer, intent, at=at)
    if request.method == "POST" and "passkey" in request.POST:
        try:
            host = request.get_host()
            return JsonResponse(authorising.ask_passkey(intent, host=host, at=at))
        except Refusal as refusal:
            return _offer_page(request, offer, intent, at=at, problem=str(refusal))
    is_signed = request.method == "POST"
    form = _take_form(request, intent, request.POST if is_signed else None)
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
            return _offer_page(request, offer, intent, at=at, problem=str(refusal))
        except Refusal as refusal:
            form.add_error("code" if isinstance(refusal, ABOUT_THE_CODE) else None, str(refusal))
    return _offer_page(request, offer, intent, form=form, at=at)


def _offer_page(request, offer, intent, *, at, form=None, problem: str = ""):
    form = form or _take_form(request, intent, None)
    form.initial["figures"] = offer.figures
    way = authorising.way_of(intent)
    facts = {
        "form": form,
        "offer": offer,
        "application": offer.application,
        "quote": offer.quote,
        "payee": offer.application.payee,
        "is_less": offer.decision.money < offer.application.money,
        "reasons": words.reasons_of(offer.decision),
        "late": product_words.late(offer.quote.term),
        "problem": problem,
        "is_pin": way == Way.PIN,
        "is_texted": way == Way.CODE,
        "was_texted": authorising.was_texted(intent, at=at),
        "has_passkey": authorising.may_use_passkey(intent, at=at),
    }
    status = 422 if form.errors or problem else 200
    return render(request, "lending/decisions/offer.html", facts, status=status)


def _take_form(request, intent, data):
    return forms.Take(
        data, way=authorising.way_of(intent), host=request.get_host(),
        texted_to=masked_phone(intent.user.phone), is_texted=False,
    )  # fmt: skip


def _text_code(request, offer, intent, *, at):
    try:
        authorising.way_open(intent, at=at)
        authorising.text_code(intent, at=at)
    except Refusal as refusal:
        return _offer_page(request, offer, intent, at=at, problem=str(refusal))
    messages.success(request, _("We have sent a new code. The old one no longer works."))
    return to_page(request, "lending:decisions:answer", offer.application.public_id)


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
