"""Paying from a business: details, a check, the queue of what waits, and one payment to decide."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from accounts.access.authorise_forms import form_for, tell
from accounts.access.authorising import Intent
from accounts.businesses.doors import members_only
from accounts.businesses.models import Member
from accounts.deposits import queries as deposit_queries
from payments.approvals import forms, queries
from payments.approvals import operations as approvals
from payments.approvals.queries import Waiting
from payments.transfers import operations as transfers
from payments.transfers import queries as transfer_queries
from payments.transfers.forms import Send
from payments.transfers.refusals import AlreadySent, NoSuchTransfer
from payments.transfers.views import ABOUT_THE_AMOUNT, uuid_or_none
from wekeza.kit.db import OutcomeUnknown
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

Role = Member.Role


@members_only(role=Role.MAKER)
def pay(request, member):
    """Whom the business pays, how much and why; nothing is paid from here."""
    business, at = member.business, timezone.now()
    holdings = deposit_queries.held_by_business(business)
    form = Send(
        request.POST or None,
        initial=_known_details(request, business),
        holdings=holdings,
        actor=request.actor,
        at=at,
    )
    if form.is_valid():
        told = form.cleaned_data
        try:
            draft = transfers.draft(
                **{name: told[name] for name in ("reference", "replaces", "payee", "reason")},
                source=told["account"],
                money=told["amount"],
                at=at,
                actor=request.actor,
            )
            return to_page(request, "approvals:check", business.public_id, draft.public_id)
        except AlreadySent as refusal:
            return to_page(request, "payments:transfers:receipt", refusal.facts["receipt_no"])
        except NoSuchTransfer as refusal:
            raise Http404 from refusal
        except Refusal as refusal:
            form.add_error("amount" if refusal.code in ABOUT_THE_AMOUNT else None, str(refusal))
    facts = {"form": form, "business": business, "holding": next(iter(holdings), None)}
    status = 422 if form.errors else 200
    return render(request, "payments/approvals/pay.html", facts, status=status)


@members_only(role=Role.MAKER)
def check(request, member, transfer):
    """What would be paid and who must approve it, before it is sent to them."""
    row = _of(member, transfer)
    if row.is_sent or not row.is_draft:
        return redirect("approvals:detail", member.business.public_id, row.public_id)
    problem = ""
    if request.method == "POST":
        try:
            if "cancel" in request.POST:
                return _cancel(request, member, row)
            approvals.ask(row, at=timezone.now(), actor=request.actor)
            return to_page(request, "approvals:detail", member.business.public_id, row.public_id)
        except Refusal as refusal:
            problem = str(refusal)
    try:
        standing = transfer_queries.signatures_of(row)
    except Refusal as refusal:
        standing, problem = None, str(refusal)
    facts = _facts(member, row) | {"standing": standing, "problem": problem}
    status = 422 if problem and request.method == "POST" else 200
    return render(request, "payments/approvals/check.html", facts, status=status)


@members_only
@require_GET
def queue(request, member):
    """What waits for signatures, first what waits for the one who looks."""
    found = queries.waiting_for(member, at=timezone.now())
    facts = {"business": member.business, "member": member, "waiting": found}
    return render(request, "payments/approvals/queue.html", facts)


@members_only
@sensitive_post_parameters("code", "credential")
def detail(request, member, transfer):
    """One payment: what it does to the balance, who made it, and one's own yes or no."""
    row, at = _of(member, transfer), timezone.now()
    if row.is_draft:
        return redirect("approvals:check", member.business.public_id, row.public_id)
    if request.method == "POST" and not row.is_sent:
        return _decide(request, member, row, at=at)
    return _detail_page(request, member, row, at=at)


def _decide(request, member, row, *, at):
    """Do what one button asks for; a refusal goes back to the form it belongs to."""
    signing, form = "reject" not in request.POST, None
    here = (member.business.public_id, row.public_id)
    try:
        if "cancel" in request.POST:
            return _cancel(request, member, row)
        if "resend" in request.POST:
            approvals.text_code(row, at=at, actor=request.actor)
            messages.success(request, _("We have sent you a code."))
            return to_page(request, "approvals:detail", *here)
        if "passkey" in request.POST:
            host = request.get_host()
            return JsonResponse(approvals.ask_passkey(row, host=host, at=at, actor=request.actor))
        form = forms.Reject(request.POST)
        if signing:
            form = _approve_form(request, member, row, _signing(member, row, at=at))
        if not form.is_valid():
            return _detail_page(request, member, row, at=at, form=form)
        if signing:
            return _approve(request, member, row, form, at=at)
        approvals.reject(row, **form.cleaned_data, at=at, actor=request.actor)
        messages.success(request, _("Rejected. Nothing was paid."))
        return to_page(request, "approvals:queue", member.business.public_id)
    except OutcomeUnknown:
        status = 409 if request.htmx else 503
        facts = {"draft": row}
        return render(request, "payments/transfers/unknown.html", facts, status=status)
    except Refusal as refusal:
        if form is None:
            return _detail_page(request, member, row, at=at, problem=str(refusal))
        tell(form, refusal)
        return _detail_page(request, member, row, at=at, form=form)


def _approve(request, member, row, form, *, at):
    decided = approvals.approve(
        row,
        seen=form.cleaned_data["seen"],
        secret=form.cleaned_data["secret"],
        at=at,
        actor=request.actor,
    )
    if decided.transfer.is_sent:
        return to_page(request, "payments:transfers:receipt", decided.transfer.receipt_no)
    messages.success(request, _("Approved. Nothing is paid yet."))
    return to_page(request, "approvals:detail", member.business.public_id, row.public_id)


def _detail_page(request, member, row, *, at, form=None, problem=""):
    facts = _facts(member, row)
    is_rejecting = isinstance(form, forms.Reject)
    facts |= {
        "problem": problem,
        "decisions": queries.decisions_on(member.business, row),
        "is_over": row.is_waiting and at >= row.held_until,
        "form": form,
    }
    if row.is_waiting and not facts["is_over"]:
        mine = _signing(member, row, at=at)
        seen = {"seen": transfer_queries.intent_digest(row)}
        approve_form = form
        if form is None or is_rejecting:
            approve_form = _approve_form(request, member, row, mine)
        is_texted = approve_form.way == transfer_queries.Way.CODE
        facts |= {
            "waiting": mine.waiting,
            "standing": mine.waiting.standing,
            "is_unpaid": mine.waiting.standing.is_enough and mine.has_signed,
            "is_mine_only": mine.waiting.is_mine
            and not mine.waiting.is_for_me
            and not mine.has_signed,
            "is_texted": is_texted,
            "asks_code_first": mine.waiting.is_for_me and is_texted and not mine.was_texted,
            "has_passkey": mine.waiting.is_for_me
            and transfer_queries.may_use_passkey(row, at=at, user=member.customer.user),
            "is_pin": approve_form.way == transfer_queries.Way.PIN,
            "approve_form": approve_form,
            "reject_form": form if is_rejecting else forms.Reject(initial=seen),
        }
    status = 422 if problem or (form is not None and form.errors) else 200
    return render(request, "payments/approvals/detail.html", facts, status=status)


@dataclass(frozen=True, slots=True)
class _Signing:
    """How a payment waits for one member, and how that member would sign it."""

    waiting: Waiting
    intent: Intent
    was_texted: bool
    has_signed: bool


def _signing(member, row, *, at) -> _Signing:
    """Asked once, for the form and for the page around it."""
    user, waiting = member.customer.user, queries.waiting_one(member, row)
    return _Signing(
        waiting=waiting,
        intent=transfer_queries.intent_for(row, user, at=at),
        was_texted=transfer_queries.was_texted(row, user=user, at=at),
        has_signed=any(one.pk == member.customer.pk for one in waiting.standing.signed),
    )


def _approve_form(request, member, row, mine: _Signing):
    seen = transfer_queries.intent_digest(row)
    words = _("approve {money} from {payer} to {payee}")
    text_says = words.format(money=row.money, payer=row.payer_name, payee=row.payee_name)
    is_signing = "seen" in request.POST and "reject" not in request.POST
    return form_for(
        forms.Approve,
        mine.intent,
        request=request,
        typed=request.POST if is_signing else None,
        initial={"seen": seen},
        text_says=text_says,
        is_texted=mine.was_texted,
        has_signed=mine.has_signed,
    )


def _facts(member, row) -> dict:
    holding = deposit_queries.standing_of(row.source)
    start = reverse("approvals:pay", args=[member.business.public_id])
    return {
        "business": member.business,
        "member": member,
        "draft": row,
        "balance": holding.available,
        "balance_after": holding.available - row.total,
        "is_covered": row.total <= holding.available,
        "is_first_payment": transfer_queries.is_first_payment(row),
        "change_url": f"{start}?change={row.public_id}",
    }


def _cancel(request, member, row):
    approvals.cancel(row, at=timezone.now(), actor=request.actor)
    messages.success(request, _("Cancelled. Nothing was paid."))
    return to_page(request, "approvals:queue", member.business.public_id)


def _of(member, public_id):
    try:
        return transfer_queries.of_business(member.business, public_id=public_id)
    except NoSuchTransfer as refusal:
        raise Http404 from refusal


def _known_details(request, business) -> dict:
    """What the form starts with: a payment that is edited, or nothing."""
    public_id = uuid_or_none(request.GET.get("change", ""))
    if public_id is None:
        return {}
    try:
        row = transfer_queries.of_business(business, public_id=public_id)
    except NoSuchTransfer:
        return {}
    return {
        "replaces": row.public_id,
        "source": row.source.number,
        "recipient": row.recipient,
        "amount": row.money,
        "reason": row.reason,
    }
