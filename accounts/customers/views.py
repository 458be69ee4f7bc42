"""Becoming a customer, step by step, and the profile afterwards."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from accounts.access import drafts
from accounts.access.refusals import WeakPin
from accounts.customers import consents, forms, queries
from accounts.customers import operations as customers
from accounts.customers.models import Consent
from accounts.customers.refusals import (
    BadNationalId,
    IdTaken,
    NotBornYet,
    TooManyIds,
    TooYoung,
)
from accounts.limits import queries as limits
from accounts.registry import queries as registry
from ledger.calendar import queries as calendar
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

FIELD_OF = {
    BadNationalId: "national_id",
    IdTaken: "national_id",
    TooManyIds: "national_id",
    TooYoung: "date_of_birth",
    NotBornYet: "date_of_birth",
    WeakPin: "pin",
}


@login_required
@require_GET
def next_step(request):
    """Lead somebody who is registering to the first thing that is missing."""
    if queries.customer_of(request.user):
        return redirect("/")
    application = queries.application_of(request.user)
    if not application.has_details:
        return redirect("accounts:customers:details")
    if not application.has_pin:
        return redirect("accounts:customers:pin")
    return redirect("accounts:customers:check")


@login_required
@sensitive_post_parameters()
def details(request):
    """Name, national ID and date of birth; the box that is wrong says why."""
    if queries.customer_of(request.user):
        return redirect("/")
    application = queries.application_of(request.user)
    told = {
        name: getattr(application, name) for name in ("full_name", "national_id", "date_of_birth")
    }
    form = forms.Details(request.POST or None, initial=told)
    if form.is_valid():
        try:
            customers.tell_details(request.user, **form.cleaned_data, at=timezone.now())
            return to_page(request, "accounts:customers:next_step")
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(type(refusal)), str(refusal))
    facts = {"form": form, "is_taken": _is_taken(form)}
    status = 422 if form.errors else 200
    return render(request, "accounts/customers/details.html", facts, status=status)


@login_required
@sensitive_post_parameters()
def pin(request):
    """The transaction PIN, chosen once and typed twice."""
    if not queries.application_of(request.user).has_details:
        return redirect("accounts:customers:next_step")
    form = forms.Pin(request.POST or None)
    if form.is_valid():
        try:
            customers.choose_pin(request.user, pin=form.cleaned_data["pin"])
            return to_page(request, "accounts:customers:next_step")
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(type(refusal)), str(refusal))
    status = 422 if form.errors else 200
    return render(request, "accounts/customers/pin.html", {"form": form}, status=status)


@login_required
def check(request):
    """Every answer with its Change link, the consents, and the button that opens the account."""
    if queries.customer_of(request.user):
        return to_page(request, "accounts:customers:welcome")
    application = queries.application_of(request.user)
    if not (application.has_details and application.has_pin):
        return redirect("accounts:customers:next_step")
    form = forms.Agreements(request.POST or None)
    if form.is_valid():
        try:
            customers.open(
                request.user,
                agreed=form.agreed(),
                seen=request.POST.get("seen", "").split(),
                language=get_language(),
                at=timezone.now(),
                actor=request.actor,
            )
            return to_page(request, "accounts:customers:welcome")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "form": form,
        "application": application,
        "seen": " ".join(consents.hashes(language=get_language())),
        "data_lines": consents.text_of(Consent.Kind.DATA, language=get_language()),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/customers/check.html", facts, status=status)


@login_required
@require_GET
def welcome(request):
    """The account is open: its number, what tier 1 allows, and what to do first."""
    customer = queries.customer_of(request.user)
    if customer is None:
        return redirect("accounts:customers:next_step")
    today = calendar.nairobi_date(timezone.now())
    facts = {
        "customer": customer,
        "first_name": customers.first_name(customer.full_name),
        "account": customer.deposit_accounts.order_by("pk").first(),
        "daily_limit": limits.limit_of(customer.tier_id, limits.Kind.DAILY_OUT, on=today),
    }
    return render(request, "accounts/customers/welcome.html", facts)


@require_GET
def text(request, kind):
    """The words of one consent, for everybody to read before they agree."""
    kind = kind.upper()
    if kind not in Consent.Kind.values:
        raise Http404
    facts = {
        "kind": Consent.Kind(kind),
        "version": consents.VERSION,
        "lines": consents.text_of(kind, language=get_language()),
    }
    return render(request, "accounts/customers/text.html", facts)


@login_required
@require_GET
def settings(request):
    """Everything about oneself, in one list; of staff who bank elsewhere, how they log in."""
    if not hasattr(request.user, "customer"):
        return redirect("accounts:access:security")
    return render(request, "accounts/customers/settings.html", {"customer": request.user.customer})


@drafts.offered
@login_required
def profile(request):
    """Who the bank knows the customer as, how it reaches them, and what the registers said."""
    customer = _customer(request)
    known = {"occupation": customer.occupation}
    form = forms.Profile(request.POST or None, initial=known | request.draft)
    if form.is_valid():
        try:
            customers.update_profile(customer, **form.cleaned_data, actor=request.actor)
            messages.success(request, _("Your profile is saved."))
            return to_page(request, "accounts:customers:profile")
        except Refusal as refusal:
            form.add_error("occupation", str(refusal))
    facts = {
        "form": form,
        "customer": customer,
        "notes": registry.notes_for(customer),
        "phones": queries.phones_of(customer),
        "emails": request.user.emailaddress_set.order_by("-primary", "pk"),
        "addresses": queries.addresses_of(customer),
        "changes": [change for change in queries.changes_of(customer) if change.is_waiting],
        "answered": next((c for c in queries.changes_of(customer) if not c.is_waiting), None),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/customers/profile.html", facts, status=status)


def _is_taken(form) -> bool:
    """The ID has an account: the page then shows the ways to log in and to recover it."""
    return str(IdTaken.text) in form.errors.get("national_id", [])


def _customer(request):
    customer = queries.customer_of(request.user)
    if customer is None:
        raise Http404
    return customer
