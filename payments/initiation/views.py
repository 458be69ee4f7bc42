"""The page on which a customer sees what an app asks them to pay."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from payments.initiation import operations as initiation
from payments.initiation import queries
from payments.initiation.refusals import NoSuchPayment, PaymentOver
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page


@login_required
def check(request, public_id):
    """Who asks, for what, from which account; from here to the page that authorises, or no."""
    at = timezone.now()
    try:
        payment = queries.asked_of(request.actor, public_id=public_id)
    except NoSuchPayment as refusal:
        raise Http404 from refusal
    problem = ""
    if request.method == "POST":
        try:
            if "cancel" in request.POST:
                initiation.cancel(payment, at=at, actor=request.actor)
                messages.success(request, _("Not paid. Nothing left your account."))
                return to_page(request, "payments:transfers:hub")
            draft = initiation.open_draft(payment, at=at, actor=request.actor)
            return to_page(request, "payments:transfers:check", draft.public_id)
        except PaymentOver:
            payment.refresh_from_db()
        except Refusal as refusal:
            problem = str(refusal)
    facts = {"payment": payment, "is_open": payment.state_at(at) == "PENDING", "problem": problem}
    status = 422 if problem else 409 if request.method == "POST" else 200
    return render(request, "payments/initiation/check.html", facts, status=status)
