"""One's own privacy: consents, messages, who looked, and a copy of everything."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access.gate import only_confirmed
from accounts.access.step_up import Change
from accounts.customers import consents
from accounts.customers import operations as customers
from accounts.customers import queries as customer_queries
from accounts.customers.models import Consent
from accounts.customers.refusals import ConsentOutdated
from accounts.notifications import operations as notifications
from accounts.notifications import queries as choices
from accounts.notifications.models import MessageChoice
from accounts.privacy import copy as copies
from accounts.privacy import forms, queries
from accounts.privacy import operations as privacy
from accounts.privacy.models import DataRequest
from accounts.privacy.refusals import NoSuchRequest
from ledger.calendar import queries as calendar
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

INDEX = "accounts:privacy:index"


def of_customer(view):
    """This will give a page the customer who is signed in; what is not theirs is not there."""

    @login_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        request.customer = customer_queries.customer_of(request.user)
        if request.customer is None:
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except NoSuchRequest as refusal:
            raise Http404 from refusal

    return guarded


@of_customer
@require_GET
def index(request):
    """All of it on one page."""
    customer = request.customer
    topics = choices.choices_of(request.user)
    facts = {
        "consents": [
            {
                "kind": Consent.Kind(kind),
                "standing": consent,
                "text_hash": consents.hash_of(kind, language=get_language()),
                "is_required": kind in consents.REQUIRED,
            }
            for kind, consent in customer_queries.consents_of(customer)
        ],
        "topics": [(MessageChoice.Topic(topic), on) for topic, on in topics.items()],
        "views": queries.views_of(customer)[: queries.VIEWS_SHOWN],
        "requests": queries.requests_of(customer),
    }
    return render(request, "accounts/privacy/index.html", facts)


@of_customer
@require_POST
def news(request):
    """Give or take back the consent to news and offers, by one tap either way."""
    agrees = request.POST.get("agrees") == "on"
    try:
        customers.choose_news(
            request.customer,
            agrees=agrees,
            seen=[request.POST.get("seen", "")],
            language=get_language(),
            at=timezone.now(),
            actor=request.actor,
        )
    except ConsentOutdated as refusal:
        messages.warning(request, str(refusal))
        return to_page(request, INDEX)
    said = _("We send you news and offers.") if agrees else _("We send you no more news or offers.")
    messages.success(request, said)
    return to_page(request, INDEX)


@of_customer
@require_POST
def message(request, topic):
    """Turn messages on a topic on or off."""
    topic = topic.upper()
    if topic not in MessageChoice.Topic.values:
        raise Http404
    is_wanted = request.POST.get("wanted") == "on"
    notifications.choose(request.user, topic=topic, is_wanted=is_wanted, actor=request.actor)
    messages.success(request, _("Your choice is saved."))
    return to_page(request, INDEX)


@of_customer
@require_GET
def withdraw(request, kind):
    """What it means to take back a consent without which there is no account."""
    kind = kind.upper()
    if kind not in consents.REQUIRED:
        raise Http404
    years = queries.term(queries.Term.KEEP_YEARS, on=calendar.nairobi_date(timezone.now()))
    facts = {"kind": Consent.Kind(kind), "years": years}
    return render(request, "accounts/privacy/withdraw.html", facts)


@of_customer
@only_confirmed(Change.DATA)
def download(request):
    """Ask for the copy; it opens on the page of the request."""
    if request.method == "POST":
        asked = privacy.ask_copy(request.customer, at=timezone.now(), actor=request.actor)
        return to_page(request, "accounts:privacy:request_page", asked.public_id)
    return render(request, "accounts/privacy/download.html")


@of_customer
def ask(request):
    """Object to a use of data, or ask to be forgotten; the lawful answer follows."""
    form = forms.Ask(request.POST or None)
    if form.is_valid():
        facts = {"words": form.cleaned_data["words"], "at": timezone.now(), "actor": request.actor}
        try:
            if form.cleaned_data["kind"] == DataRequest.Kind.ERASURE:
                asked = privacy.ask_erasure(request.customer, language=get_language(), **facts)
            else:
                asked = privacy.object_to(request.customer, **facts)
            return to_page(request, "accounts:privacy:request_page", asked.public_id)
        except Refusal as refusal:
            form.add_error("words", str(refusal))
    status = 422 if form.errors else 200
    return render(request, "accounts/privacy/ask.html", {"form": form}, status=status)


@of_customer
@require_GET
def request_page(request, public_id):
    """One request: by when it is answered, the answer, and the copy if that was asked for."""
    asked = queries.request_of(request.customer, public_id)
    facts = {"asked": asked, "is_copy": asked.kind == DataRequest.Kind.DOWNLOAD}
    return render(request, "accounts/privacy/request_page.html", facts)


@of_customer
@only_confirmed(Change.DATA)
@require_GET
def copy(request, public_id):
    """Everything that the bank holds on the customer, to read or print."""
    queries.request_of(request.customer, public_id)
    facts = {"sections": copies.as_sections(request.customer), "made_at": timezone.now()}
    return render(request, "accounts/privacy/copy.html", facts)


@of_customer
@only_confirmed(Change.DATA)
@require_GET
def copy_json(request, public_id):
    """The same for programs, as a file."""
    queries.request_of(request.customer, public_id)
    whole = copies.as_json(request.customer, at=timezone.now())
    response = HttpResponse(whole, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="wekeza-my-data.json"'
    return response
