"""Further phones and addresses, and asking to have a detail corrected: pages of the profile."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access.forms import ConfirmByCode
from accounts.access.gate import only_confirmed
from accounts.access.step_up import Change
from accounts.customers import contacts, corrections, forms, queries
from accounts.customers.models import ProfileChange
from accounts.customers.refusals import NoSuchContact
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.words import phone as phone_words

PROFILE = "accounts:customers:profile"


def of_customer(view):
    """This will give a page the customer who is signed in; what is not theirs is not there."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        request.customer = queries.customer_of(request.user)
        if request.customer is None:
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except NoSuchContact as refusal:
            raise Http404 from refusal

    return guarded


@of_customer
def add_phone(request):
    """Type a further phone; its code follows."""
    form = forms.AddPhone(request.POST or None)
    if form.is_valid():
        try:
            further = contacts.add_phone(
                request.customer,
                phone=form.cleaned_data["phone"],
                at=timezone.now(),
                actor=request.actor,
            )
            return to_page(request, "accounts:customers:confirm_phone", further.public_id)
        except Refusal as refusal:
            form.add_error("phone", str(refusal))
    return _form_page(request, "add_phone", form)


@of_customer
def confirm_phone(request, public_id):
    """Type the code that came to it; or have another one sent."""
    further = queries.phone_of(request.customer, public_id)
    if further.is_confirmed:
        return to_page(request, PROFILE)
    if request.method == "POST" and "text" in request.POST:
        return _text_again(request, further)
    form = ConfirmByCode(request.POST or None)
    if form.is_valid():
        try:
            contacts.confirm_phone(
                further, code=form.cleaned_data["code"], at=timezone.now(), actor=request.actor
            )
            messages.success(request, _("Your phone number is confirmed."))
            return to_page(request, PROFILE)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
    return _form_page(request, "confirm_phone", form, further=further)


@of_customer
@only_confirmed(Change.CONTACTS)
def remove_phone(request, public_id):
    """Forget a further phone."""
    further = queries.phone_of(request.customer, public_id)
    words = {
        "title": _("Remove this phone?"),
        "thing": phone_words(further.phone),
        "button": _("Remove phone"),
        "done": _("The phone is removed."),
    }
    return _sure(request, contacts.remove_phone, further, **words)


@of_customer
@only_confirmed(Change.MAIN_PHONE)
def main_phone(request):
    """Choose which further phone becomes the main one; the old one is told."""
    phones = [row for row in queries.phones_of(request.customer) if row.is_confirmed]
    choices = [(str(row.public_id), phone_words(row.phone)) for row in phones]
    form = forms.MainPhone(request.POST or None, choices=choices)
    if form.is_valid():
        further = queries.phone_of(request.customer, form.cleaned_data["phone"])
        try:
            contacts.make_main_phone(further, at=timezone.now(), actor=request.actor)
            messages.success(request, _("Your main phone is another one now. We told the old one."))
            return to_page(request, PROFILE)
        except Refusal as refusal:
            form.add_error("phone", str(refusal))
    facts = {"form": form, "phones": phones}
    status = 422 if form.errors else 200
    page = "accounts/customers/main_phone.html"
    # Not rendered yet: whoever chose nothing has not used up what they confirmed.
    return TemplateResponse(request, page, facts, status=status)


@of_customer
def add_address(request):
    """Type one more address."""
    form = forms.AddressForm(request.POST or None)
    if form.is_valid():
        try:
            contacts.add_address(request.customer, actor=request.actor, **form.cleaned_data)
            messages.success(request, _("The address is saved."))
            return to_page(request, PROFILE)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return _form_page(request, "address", form)


@of_customer
@only_confirmed(Change.CONTACTS)
def change_address(request, public_id):
    """Correct an address."""
    address = queries.address_of(request.customer, public_id)
    known = {name: getattr(address, name) for name in ("kind", "line", "town", "county")}
    form = forms.AddressForm(request.POST or None, initial=known)
    if form.is_valid():
        try:
            contacts.change_address(address, actor=request.actor, **form.cleaned_data)
            messages.success(request, _("The address is saved."))
            return to_page(request, PROFILE)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {"form": form, "customer": request.customer, "address": address}
    status = 422 if form.errors else 200
    # Not rendered yet: whoever typed something wrong has not used up what they confirmed.
    return TemplateResponse(request, "accounts/customers/address.html", facts, status=status)


@of_customer
@only_confirmed(Change.CONTACTS)
def make_main_address(request, public_id):
    """Make an address the main one."""
    address = queries.address_of(request.customer, public_id)
    words = {
        "title": _("Make it the main address?"),
        "thing": address.line,
        "button": _("Make it the main address"),
        "done": _("That is your main address now."),
    }
    return _sure(request, contacts.make_main_address, address, **words)


@of_customer
@only_confirmed(Change.CONTACTS)
def remove_address(request, public_id):
    """Forget an address."""
    address = queries.address_of(request.customer, public_id)
    words = {
        "title": _("Remove this address?"),
        "thing": address.line,
        "button": _("Remove address"),
        "done": _("The address is removed."),
    }
    return _sure(request, contacts.remove_address, address, **words)


@of_customer
def ask_change(request, field):
    """Say how a detail should be, and why; nothing changes before it is approved."""
    if field not in ProfileChange.Field.values:
        raise Http404
    form = forms.AskChange(request.POST or None, field=field)
    if form.is_valid():
        try:
            corrections.request_change(
                request.customer,
                field=field,
                value=form.value_of(field),
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
                actor=request.actor,
            )
            messages.success(request, _("We have your request. Your details have not changed."))
            return to_page(request, PROFILE)
        except Refusal as refusal:
            form.add_error(field, str(refusal))
    label = ProfileChange.Field(field).label
    return _form_page(request, "ask_change", form, field=field, label=label, detail=form[field])


@of_customer
@require_POST
def withdraw_change(request, public_id):
    """Take a request back."""
    change = queries.change_of(request.customer, public_id)
    try:
        corrections.withdraw_change(change, at=timezone.now(), actor=request.actor)
        messages.success(request, _("You took your request back. Your details have not changed."))
    except Refusal:
        messages.warning(request, _("Your request was decided already."))
    return to_page(request, PROFILE)


def _sure(request, deed, row, *, done: str, **words):
    """Names the thing and asks once more; the press does it."""
    refused = ""
    if request.method == "POST":
        try:
            deed(row, actor=request.actor)
            messages.success(request, done)
            return to_page(request, PROFILE)
        except Refusal as refusal:
            refused = str(refusal)
    facts = words | {"refused": refused}
    status = 422 if refused else 200
    return TemplateResponse(request, "accounts/customers/sure.html", facts, status=status)


def _text_again(request, further):
    try:
        contacts.text_code(further, at=timezone.now())
        messages.success(request, _("We have sent a new code. The old one no longer works."))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return to_page(request, "accounts:customers:confirm_phone", further.public_id)


def _form_page(request, name, form, **facts):
    status = 422 if form.errors else 200
    facts |= {"form": form, "customer": request.customer}
    return render(request, f"accounts/customers/{name}.html", facts, status=status)
