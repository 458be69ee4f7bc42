"""Cases of name screening, both sides beside each other, and the lists behind them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.screening import queries as screening
from accounts.screening.models import ListVersion
from accounts.screening.refusals import NoSuchCase
from branch.screening import forms, operations, queries
from branch.workbench.doors import needs, page
from branch.workbench.queries import about_others
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page
from wekeza.kit.workbench import holds


@needs("screening.look")
@require_GET
def cases(request):
    """What waits, held owners first and then by age; and whom two persons confirmed."""
    facts = {
        "waiting": queries.shown(about_others(screening.cases_waiting(), request.actor)),
        "confirmed": queries.shown(about_others(screening.cases_confirmed(), request.actor)),
        "versions_waiting": screening.versions_waiting().count(),
    }
    return page(request, "branch/screening/cases", facts)


@needs("screening.look")
def case(request, case: int):
    """
    One case: our facts and theirs, the score and its parts; propose, or decide as the second. Of a
    case about oneself there is no page.
    """
    try:
        hit = screening.case(case)
    except NoSuchCase as error:
        raise Http404 from error
    if queries.is_about(hit, request.actor):
        raise Http404
    form = forms.Judge(request.POST or None, initial={"seen": queries.seen_of(hit)})
    if request.method == "POST":
        is_proposal = request.POST.get("verdict") in forms.PROPOSALS
        if not holds(request, "screening.review" if is_proposal else "screening.decide"):
            raise PermissionDenied
    if form.is_valid():
        try:
            operations.judge(
                hit,
                **form.cleaned_data,
                user=request.user,
                actor=request.actor,
                at=timezone.now(),
            )
            return to_page(request, "branch:screening:case", case)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            hit = screening.case(case)
    side = screening.side_by_side(hit)
    is_own = hit.proposed_person == request.actor.person
    facts = {
        "hit": hit,
        "seen": queries.seen_of(hit),
        "side": side,
        "lines": queries.lines_of(side),
        "parts": queries.parts_of(side),
        "owner": queries.owner_of(hit.owner_ref),
        "people": queries.people_in(hit),
        "form": form,
        "is_own": is_own,
        "may_propose": hit.may_be_proposed and holds(request, "screening.review"),
        "may_decide": hit.is_proposed and not is_own and holds(request, "screening.decide"),
    }
    return page(request, "branch/screening/case", facts, status=422 if form.errors else 200)


@needs("screening.look")
def lists(request):
    """Versions of the lists: what they hold, who loaded them, what waits for a second person."""
    form = forms.Refuse(request.POST or None)
    if request.method == "POST" and not holds(request, "screening.accept"):
        raise PermissionDenied
    if form.is_valid():
        version = get_object_or_404(ListVersion, pk=form.cleaned_data["version"])
        try:
            operations.refuse_version(
                version,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=timezone.now(),
            )
            return to_page(request, "branch:screening:lists")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    facts = {
        "versions": queries.versions(),
        "form": form,
        "may_refuse": holds(request, "screening.accept"),
    }
    return page(request, "branch/screening/lists", facts, status=422 if form.errors else 200)


@needs("screening.look")
@require_GET
def good_guys(request):
    """Whom two persons found to be somebody else; each holds until either side changes."""
    facts = {"cases": queries.shown(about_others(screening.cases_cleared(), request.actor))}
    return page(request, "branch/screening/good_guys", facts)
