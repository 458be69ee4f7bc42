"""Sending money: details, check and authorise on one page, receipt at its own address."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from accounts.access import drafts
from accounts.access import queries as access_queries
from accounts.access import refusals as access_refusals
from accounts.access.authorise_forms import Authorise, form_for, tell
from accounts.access.passkeys import WrongPasskey
from accounts.deposits import queries as deposit_queries
from accounts.limits import queries as limits
from accounts.tariffs import queries as tariffs
from ledger.calendar import queries as calendar
from ledger.money import BadAmount, parse
from payments.transfers import forms, queries, secrets, waits
from payments.transfers import operations as transfers
from payments.transfers.refusals import (
    AlreadySent,
    DraftChanged,
    DraftExpired,
    FactorTooNew,
    NoSuchTransfer,
    PayeeCannotTake,
)
from wekeza.kit.db import OutcomeUnknown
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.words import clock

ABOUT_THE_AMOUNT = {
    "insufficient_funds",
    "over_transfer_limit",
    "over_daily_limit",
    "over_monthly_limit",
    "factor_too_new",
    "new_pin_spent",
}


@login_required
@require_GET
def hub(request):
    """Where money goes out and comes in, and whom the customer paid last."""
    return render(
        request,
        "payments/transfers/hub.html",
        {"recent": queries.recent_payees(request.actor, most=5)},
    )


@drafts.offered
@login_required
def send(request):
    """Whom, how much and why; on POST the details are held, to be checked on the next page."""
    at = timezone.now()
    holdings = deposit_queries.open_held_by(request.actor)
    form = forms.Send(
        request.POST or None,
        initial=request.draft or _known_details(request),
        holdings=holdings,
        actor=request.actor,
        at=at,
    )
    if form.is_valid():
        try:
            draft = transfers.draft(
                reference=form.cleaned_data["reference"],
                replaces=form.cleaned_data["replaces"],
                source=form.cleaned_data["account"],
                payee=form.cleaned_data["payee"],
                money=form.cleaned_data["amount"],
                reason=form.cleaned_data["reason"],
                at=at,
                actor=request.actor,
            )
            return to_page(request, "payments:transfers:check", draft.public_id)
        except AlreadySent as refusal:
            return _to_receipt(request, refusal.facts["receipt_no"], words=str(refusal))
        except NoSuchTransfer as refusal:
            raise Http404 from refusal
        except Refusal as refusal:
            form.add_error(_field_of(refusal), str(refusal))
    facts = {"form": form, "holdings": holdings, "recent": queries.recent_payees(request.actor)}
    facts |= _room(request, at=at, source=form.holdings.get(form["source"].value()))
    status = 422 if form.errors else 200
    return render(request, "payments/transfers/send.html", facts, status=status)


@login_required
@require_POST
def payee(request):
    """The name behind a number, put under its box while the customer goes on typing."""
    form = _looked_at(request)
    facts = {"payee": form.cleaned_data.get("payee"), "problems": form.errors.get("recipient")}
    return render(request, "payments/transfers/send.html#payee", facts)


@login_required
@require_POST
def quote(request):
    """What the payee gets, the fee, and what is paid in total."""
    facts = {}
    try:
        money = parse(request.POST.get("amount", ""))
    except BadAmount:
        money = None
    if money is not None:
        today = calendar.nairobi_date(timezone.now())
        fee = tariffs.fee_of(transfers.TARIFF, on=today).gross
        facts = {"money": money, "fee": fee, "total": money + fee}
    return render(request, "payments/transfers/send.html#quote", facts)


@login_required
@sensitive_post_parameters("code", "credential")
def check(request, public_id: UUID):
    """What the customer is about to sign, with the box for PIN or code below it."""
    at = timezone.now()
    try:
        draft = queries.draft_by(request.actor, public_id=public_id)
    except NoSuchTransfer as refusal:
        raise Http404 from refusal
    if draft.is_sent:
        return _to_receipt(request, draft.receipt_no, words=_already_sent(draft))
    if request.method == "POST" and "cancel" in request.POST:
        return _cancel(request, draft, at=at)
    if not draft.is_draft or at >= draft.held_until:
        return _gone(request, draft)

    if request.method == "POST" and "resend" in request.POST:
        return _text_again(request, draft, at=at)
    if request.method == "POST" and "passkey" in request.POST:
        return _ask_passkey(request, draft, at=at)
    if draft.is_own:
        return _check_own(request, draft, at=at)
    form = _authorise_form(request, draft, typed=request.POST, at=at)
    if form.is_valid():
        try:
            sent = transfers.authorise_and_send(
                draft, secret=form.cleaned_data["secret"], at=at, actor=request.actor
            )
            words = _already_sent(sent.transfer) if sent.is_replay else ""
            return _to_receipt(request, sent.transfer.receipt_no, words=words)
        except OutcomeUnknown:
            return _unknown(request, draft)
        except (DraftExpired, DraftChanged):
            return _gone(request, draft)
        except WrongPasskey as refusal:
            return _refused(request, draft, at=at, problem=str(refusal))
        except Refusal as refusal:
            tell(form, refusal)
    return _check_page(request, draft, form, at=at)


@login_required
@require_GET
def receipt(request, receipt_no: str):
    """The receipt of a sent transfer, for its payer and its payee."""
    try:
        found = queries.receipt_by(request.actor, receipt_no=receipt_no)
    except NoSuchTransfer as refusal:
        raise Http404 from refusal
    facts = {"receipt": found, "transfer": found.transfer}
    return render(request, "payments/transfers/receipt.html", facts)


def _looked_at(request):
    """The form of a lookup: only the recipient matters, the rest may still be empty."""
    form = forms.Send(
        request.POST,
        holdings=deposit_queries.seen_by(request.actor),
        actor=request.actor,
        at=timezone.now(),
    )
    form.is_valid()
    return form


def _known_details(request) -> dict:
    """What the form starts with: an edited draft, or the payee of an earlier payment."""
    try:
        return _of_draft(request) or _of_receipt(request) or _of_address(request)
    except NoSuchTransfer:
        return {}  # Somebody else's address, or an old one: an empty form is the answer.


def _of_draft(request) -> dict:
    draft_id = uuid_or_none(request.GET.get("change", ""))
    if draft_id is None:
        return {}
    draft = queries.draft_by(request.actor, public_id=draft_id)
    return {
        "replaces": draft.public_id,
        "source": draft.source.number,
        "recipient": draft.recipient,
        "amount": draft.money,
        "reason": draft.reason,
    }


def _of_receipt(request) -> dict:
    receipt_no = request.GET.get("like", "")
    if not receipt_no:
        return {}
    found = queries.receipt_by(request.actor, receipt_no=receipt_no)
    if not found.is_payer:
        return {}
    return {"recipient": found.transfer.recipient, "reason": found.transfer.reason}


def _of_address(request) -> dict:
    """From which account and to which: the links of the accounts say both."""
    said = {"source": request.GET.get("from", ""), "recipient": request.GET.get("to", "")}
    return {name: value for name, value in said.items() if value.isdigit() and len(value) == 13}


def _room(request, *, at, source) -> dict:
    if source is None:
        return {}
    payer = source.account.customer
    room = limits.room_left(payer, at)
    wait = waits.wait_of(request.user, owner_ref=payer.owner_ref, room=room, at=at)
    return {"holding": source, "room": room, "wait": wait}


def _authorise_form(request, draft, *, typed, at):
    text_says = _("send {money} to {payee}").format(money=draft.money, payee=draft.payee_name)
    return form_for(
        Authorise,
        queries.intent_for(draft, None, at=at),
        request=request,
        typed=typed if typed.keys() & {"code", "credential"} else None,
        is_texted=True,
        text_says=text_says,
    )


def _check_page(request, draft, form, *, at, problem: str = ""):
    holding = deposit_queries.standing_of(draft.source)
    facts = {
        "form": form,
        "draft": draft,
        "change_url": f"{reverse('payments:transfers:send')}?change={draft.public_id}",
        "problem": problem,
        "off_until": access_queries.sending_off_until(draft.customer.user, at=at),
        "is_pin": form.way == queries.Way.PIN,
        "is_texted": form.way == queries.Way.CODE,
        "has_passkey": queries.may_use_passkey(draft, at=at),
        "is_refused": bool(form.non_field_errors()),
        "is_covered": draft.total <= holding.available,
        "balance_after": holding.available - draft.total,
        "is_first_payment": queries.is_first_payment(draft),
    }
    status = 422 if form.errors or problem else 200
    return render(request, "payments/transfers/check.html", facts, status=status)


def _check_own(request, draft, *, at):
    """Between accounts of one customer there is no code to type: only to look once more."""
    problem = None
    if request.method == "POST":
        try:
            sent = transfers.move_own(draft, at=at, actor=request.actor)
            words = _already_sent(sent.transfer) if sent.is_replay else ""
            return _to_receipt(request, sent.transfer.receipt_no, words=words)
        except OutcomeUnknown:
            return _unknown(request, draft)
        except (DraftExpired, DraftChanged):
            return _gone(request, draft)
        except Refusal as refusal:
            problem = str(refusal)
    holding = deposit_queries.standing_of(draft.source)
    facts = {
        "draft": draft,
        "change_url": f"{reverse('payments:transfers:send')}?change={draft.public_id}",
        "problem": problem,
        "is_covered": draft.total <= holding.available,
        "balance_after": holding.balance - draft.total,
    }
    page = "payments/transfers/check_own.html"
    return render(request, page, facts, status=422 if problem else 200)


def _unknown(request, draft):
    # htmx shows no 503, but nobody may miss this page.
    status = 409 if request.htmx else 503
    return render(request, "payments/transfers/unknown.html", {"draft": draft}, status=status)


def _refused(request, draft, *, at, problem: str):
    form = _authorise_form(request, draft, typed={}, at=at)
    return _check_page(request, draft, form, at=at, problem=problem)


def _ask_passkey(request, draft, *, at):
    """What the script asks the passkey; whatever keeps it off is told by the page."""
    try:
        user, host = draft.customer.user, request.get_host()
        return JsonResponse(secrets.ask_passkey(draft, user=user, host=host, at=at))
    except Refusal as refusal:
        return _refused(request, draft, at=at, problem=str(refusal))


def _text_again(request, draft, *, at):
    try:
        transfers.text_new_code(draft, at=at, actor=request.actor)
    except (access_refusals.CodeTooSoon, access_refusals.CodeLocked, FactorTooNew) as refusal:
        return _refused(request, draft, at=at, problem=str(refusal))
    except (DraftExpired, DraftChanged):
        return _gone(request, draft)
    messages.success(request, _("We have sent a new code. The old one no longer works."))
    return to_page(request, "payments:transfers:check", draft.public_id)


def _cancel(request, draft, *, at):
    try:
        transfers.cancel(draft, at=at, actor=request.actor)
    except AlreadySent as refusal:
        return _to_receipt(request, refusal.facts["receipt_no"], words=str(refusal))
    messages.success(request, _("Cancelled. Nothing left your account."))
    return to_page(request, "payments:transfers:hub")


def _gone(request, draft):
    """The details are no longer held: say why, and let the customer start with them again."""
    is_expired = draft.is_draft
    facts = {"draft": draft, "is_expired": is_expired}
    return render(request, "payments/transfers/gone.html", facts, status=409)


def _to_receipt(request, receipt_no: str, *, words: str):
    if words:
        messages.info(request, words)
    return to_page(request, "payments:transfers:receipt", receipt_no)


def _already_sent(transfer) -> str:
    return str(AlreadySent(clock=clock(transfer.paid_at), receipt_no=transfer.receipt_no))


def _field_of(refusal: Refusal) -> str | None:
    if isinstance(refusal, PayeeCannotTake):
        return "recipient"
    return "amount" if refusal.code in ABOUT_THE_AMOUNT else None


def uuid_or_none(text: str) -> UUID | None:
    """An id out of an address; anything else is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
