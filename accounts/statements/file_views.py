"""Statements as files: asked for, how far they are, and the file itself to whoever asked for it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from accounts.deposits import queries as deposit_queries
from accounts.statements import filed, forms
from accounts.statements import operations as statements
from accounts.statements.models import StatementFile
from accounts.statements.refusals import NoSuchFile
from ledger.calendar import queries as calendar
from wekeza.kit import papers
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page


@login_required
@require_POST
def ask(request):
    """The dates of the statement page as a file: a small one at once, a large one by the worker."""
    form = forms.AsFile(
        request.POST,
        holdings=deposit_queries.seen_by(request.actor),
        business_date=calendar.business_date(),
    )
    if not form.is_valid() or form.holding is None:
        return _refused(request, form)
    from_date, to_date = form.days
    try:
        file = statements.ask(
            holding=form.holding,
            from_date=from_date,
            to_date=to_date,
            form=form.cleaned_data["form"],
            language=get_language()[:2],
            actor=request.actor,
            at=timezone.now(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _refused(request, form)
    page = "download" if file.is_made else "file"
    return to_page(request, f"accounts:statements:{page}", file.public_id)


@login_required
@require_GET
def file(request, public_id: UUID):
    """How far a file is; the page looks again by itself, or by its link."""
    found = _file_of(request, public_id)
    part = "#state" if request.htmx else ""
    return render(request, f"accounts/statements/file.html{part}", {"file": found})


@login_required
@require_GET
def download(request, public_id: UUID):
    """The file, as nothing but itself, to whoever asked for it."""
    found = _file_of(request, public_id)
    if not found.is_made:
        return redirect("accounts:statements:file", found.public_id)
    try:
        content = statements.look(found, actor=request.actor)
    except FileNotFoundError as gone:
        raise Http404 from gone
    return papers.answer(content, form=found.form, name=found.name)


def _refused(request, form):
    facts = {"form": form, "statement": None, "files": filed.latest_of(request.actor)}
    return render(request, "accounts/statements/statement.html", facts, status=422)


def _file_of(request, public_id: UUID) -> StatementFile:
    try:
        return filed.one_of(request.actor, public_id=public_id)
    except NoSuchFile as refusal:
        raise Http404 from refusal
