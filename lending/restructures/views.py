"""Asking to pay a loan otherwise; what became of it, and signing what is offered."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import authorise_pages, drafts
from accounts.access.authorise_forms import form_for, tell
from accounts.access.passkeys import WrongPasskey
from ledger.calendar import queries as calendar
from lending.loans import queries as loans
from lending.loans.queries import NoSuchLoan
from lending.repayments import debts
from lending.restructures import forms, operations, queries, signing
from lending.restructures.refusals import (
    AlreadyAsked,
    FiguresChanged,
    NoSuchRestructure,
    OfferOver,
)
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page


@drafts.offered
@login_required
def ask(request, public_id: UUID):
    """What would help, how much of it, and why; on POST it is with an officer."""
    loan = _loan_of(request, public_id)
    known = queries.open_of(loan)
    if known is not None and request.method != "POST":
        return to_page(request, "lending:restructures:wish", known.public_id)
    debt = debts.of(loan, on=calendar.business_date())
    try:
        operations.check_directs(loan, actor=request.actor)
        room = operations.room_of(debt)
    except Refusal as refusal:
        facts = {"loan": loan, "why_not": str(refusal)}
        return render(request, "lending/restructures/ask.html", facts, status=409)
    form = forms.Ask(request.POST or None, initial=dict(request.draft), room=room)
    if form.is_valid():
        try:
            wish = operations.ask(
                loan, kind=form.cleaned_data["kind"], number=form.number,
                reason=form.cleaned_data["reason"], at=timezone.now(), actor=request.actor,
            )  # fmt: skip
            return to_page(request, "lending:restructures:wish", wish.public_id)
        except AlreadyAsked as refusal:
            messages.info(request, str(refusal))
            return to_page(request, "lending:restructures:wish", refusal.facts["restructure"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {"loan": loan, "debt": debt, "room": room, "form": form}
    status = 422 if form.errors else 200
    return render(request, "lending/restructures/ask.html", facts, status=status)


@login_required
@sensitive_post_parameters("code", "credential")
def wish(request, public_id: UUID):
    """With us, refused with why, or the new payments beside the old ones, to be signed."""
    at = timezone.now()
    try:
        row = queries.one_of(request.actor, public_id=public_id)
    except NoSuchRestructure as refusal:
        raise Http404 from refusal
    _seen_as_member(request, row.loan)
    if request.method == "POST" and "withdraw" in request.POST:
        return _withdraw(request, row, at=at)
    if row.is_offered and at < row.offer_until:
        return _offered(request, row, at=at)
    facts = {"wish": row, "loan": row.loan, "may_withdraw": _may_withdraw(request, row)}
    return render(request, "lending/restructures/wish.html", facts)


def _offered(request, row, *, at):
    plan = operations.plan_of(row)
    intent = signing.intent_of(row, plan=plan, user=request.user)
    shown = partial(_offer_page, request, row, plan, intent, at=at)
    try:
        if done := authorise_pages.pressed_aside(request, intent, at=at):
            return done
    except Refusal as refusal:
        return shown(problem=str(refusal))
    form = _sign_form(request, row, intent, request.POST or None)
    if form.is_valid():
        try:
            signed = signing.sign(
                row, figures=form.cleaned_data["figures"], secret=form.cleaned_data["secret"],
                at=at, actor=request.actor,
            )  # fmt: skip
            if not signed.is_signed:
                messages.success(request, _("Signed. Nothing changes before the last signature."))
                return to_page(request, "lending:restructures:wish", row.public_id)
            messages.success(request, _("Agreed. From now on you pay as below."))
            return to_page(request, "lending:repayments:loan", row.loan.public_id)
        except (FiguresChanged, OfferOver, WrongPasskey) as refusal:
            return shown(problem=str(refusal))
        except Refusal as refusal:
            tell(form, refusal)
    return shown(form=form)


def _offer_page(request, row, plan, intent, *, at, form=None, problem: str = ""):
    form = form or _sign_form(request, row, intent, None)
    form.initial["figures"] = plan.figures
    signs, around = {"may_sign": True}, authorise_pages.facts_of(form, intent, at=at)
    if row.loan.business_id:
        signs, problem = _signatures(row, request.member, problem)
    facts = {
        **signs,
        "may_withdraw": _may_withdraw(request, row),
        "wish": row,
        "loan": row.loan,
        "plan": plan,
        "key_facts": signing.key_facts(plan),
        "problem": problem,
        **around,
        "has_passkey": signs["may_sign"] and around["has_passkey"],
    }
    status = 422 if form.errors or (problem and request.method == "POST") else 200
    return render(request, "lending/restructures/offer.html", facts, status=status)


def _signatures(row, member, problem: str) -> tuple[dict, str]:
    """Who signed for a business, who still must, and whether the one who looks can."""
    me = member.customer
    try:
        standing = signing.standing_of(row)
    except Refusal as refusal:
        return {"may_sign": False}, problem or str(refusal)
    signs = {
        "standing": standing,
        "may_sign": any(one.pk == me.pk for one in standing.may_sign),
        "is_unsigned": standing.is_enough and bool(signing.signed_by(row, me)),
        "is_asked_by_me": row.asker_id == me.pk and member.may_sign,
    }
    return signs, problem


def _sign_form(request, row, intent, typed):
    has_signed = row.loan.business_id and signing.signed_by(row, request.member.customer)
    return form_for(forms.Sign, intent, request=request, typed=typed, has_signed=bool(has_signed))


def _may_withdraw(request, row) -> bool:
    return row.loan.business_id is None or request.member.is_director


def _withdraw(request, row, *, at):
    try:
        operations.withdraw(row, at=at, actor=request.actor)
        messages.success(request, _("Given up. You pay as before."))
    except Refusal as refusal:
        messages.info(request, str(refusal))
    return to_page(request, "lending:repayments:loan", row.loan.public_id)


def _loan_of(request, public_id: UUID):
    try:
        row = loans.one_seen_by(request.actor, public_id=public_id)
    except NoSuchLoan as refusal:
        raise Http404 from refusal
    _seen_as_member(request, row)
    return row


def _seen_as_member(request, loan) -> None:
    """Around the page of a business's loan stand the tabs of that business."""
    if loan.business_id:
        request.member = loans.member_of(request.actor, loan)
