"""Asking for a loan by instalments: what it needs, how much and how long, with what it costs."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from accounts.access import devices, drafts
from accounts.customers.visiting import visitor
from accounts.documents import operations as documents
from accounts.documents import queries as document_queries
from accounts.documents.forms import Upload
from ledger.calendar import queries as calendar
from ledger.money import BadAmount, Money, parse
from lending.applications import pace
from lending.asking import forms, queries
from lending.decisions import operations
from lending.decisions import queries as decisions
from lending.decisions.refusals import AlreadyAsked, OverLimit, OverTerms
from lending.evidence import queries as evidence
from lending.evidence.models import Needs
from lending.products import quotes
from lending.products import words as product_words
from lending.purchases.operations import OverPrice, OverValue
from lending.stops import queries as stops
from wekeza.kit import throttles
from wekeza.kit.dated import NoSuchTerm
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page


@drafts.offered
@login_required
def apply(request, product: str):
    """What the product asks for, then how much and for how long; on POST the answer."""
    at, customer, offer = timezone.now(), visitor(request), _offer_of(product)
    uploads = _uploads(request, customer, offer, at=at)
    start = queries.start_of(customer, offer, on=calendar.business_date())
    begun = {"begun": pace.begun(customer, at=at)}
    form = forms.Ask(
        request.POST or None, initial=begun | dict(request.draft), term=offer.term,
        limit=start.most, language=translation.get_language(), device=devices.index_of(request),
        needs=start.needs, things=start.things,
    )  # fmt: skip
    if form.is_valid() and not any(one.errors for one in uploads.values()):
        try:
            typed = pace.of(request, customer, begun=form.cleaned_data["begun"], at=at)
            asked = operations.apply(
                customer, wish=replace(form.wish, typed=typed), purchase=form.purchase,
                reference=form.cleaned_data["reference"], at=at, actor=request.actor,
            )  # fmt: skip
            return to_page(request, "lending:decisions:answer", asked.public_id)
        except AlreadyAsked as refusal:
            messages.info(request, str(refusal))
            return to_page(request, "lending:decisions:answer", refusal.facts["application"])
        except (OverLimit, OverTerms, OverPrice, OverValue) as refusal:
            form.add_error("amount", str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "form": form,
        "offer": offer,
        "start": start,
        "stopped": stops.stop_on(offer.product),
        "missing": [(Needs(need).label, uploads[need]) for need in start.missing],
        "most_megabytes": document_queries.most_megabytes(on=calendar.nairobi_date(at)),
        "may_ask": decisions.is_open_to_ask(
            customer, product=offer.product.code, on=calendar.business_date()
        ),
        **_cost(form["amount"].value(), form["tenor"].value(), offer),
    }
    is_refused = form.errors or any(one.errors for one in uploads.values())
    return render(request, "lending/asking/apply.html", facts, status=422 if is_refused else 200)


@login_required
@require_GET
def cost(request, product: str):
    """What an amount costs over a time, put under the boxes while the customer goes on typing."""
    offer = _offer_of(product)
    facts = _cost(request.GET.get("amount"), request.GET.get("tenor"), offer)
    return render(request, "lending/asking/apply.html#cost", facts | {"offer": offer})


def _uploads(request, customer, offer, *, at) -> dict[str, Upload]:
    """
    A box for each paper that is not here. What comes with the form is kept before the rest is
    judged: nobody chooses a file twice because an amount was wrong.
    """
    boxes = {}
    for need, kind in queries.papers_missing(customer, offer).items():
        name = need.lower()
        is_sent = request.method == "POST" and f"{name}-file" in request.FILES
        sent = (request.POST, request.FILES) if is_sent else (None, None)
        box = boxes[need] = Upload(*sent, kind=kind, prefix=name)
        if box.is_valid():
            try:
                throttles.take("upload", str(customer.actor).lower())
                documents.upload(
                    owner_ref=customer.owner_ref, customer=customer, kind=kind, **box.facts(),
                    actor=request.actor, at=at,
                )  # fmt: skip
            except Refusal as refusal:
                box.add_error("file", str(refusal))
    return boxes


def _cost(amount, tenor, offer) -> dict:
    """The lines that stand together, at the dearest price, for what the product lends."""
    try:
        money = amount if isinstance(amount, Money) else parse(amount or "")
        months = int(tenor or 0)
    except (BadAmount, ValueError):
        return {}
    term = offer.term
    if not (term.lends(money) and term.lasts(months)):
        return {}
    quote = quotes.quote(
        term, principal=money, tenor=months, percent=offer.highest,
        start=calendar.business_date(),
    )  # fmt: skip
    needs = evidence.needs_on(offer.product.code, on=calendar.business_date())
    return {"quote": quote, "late": product_words.late(term), "payee": Needs.THING in needs}


def _offer_of(product: str):
    try:
        return queries.offer_of(product, on=calendar.business_date())
    except NoSuchTerm as missing:
        raise Http404 from missing
