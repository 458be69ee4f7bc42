"""Registering a business, joining one, and its team: who does what, and who must approve what."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from accounts.businesses import changes, forms, invitations, mandates, papers, queries
from accounts.businesses import operations as businesses
from accounts.businesses.doors import members_only
from accounts.businesses.models import Change, Member
from accounts.businesses.refusals import InvitationOver, NoSuchBusiness, NotInvited
from accounts.businesses.trail import trail_of
from accounts.customers.queries import customer_of
from wekeza.kit.errors import Refusal
from wekeza.kit.htmx import to_page

PAGES = "accounts/businesses"
Role = Member.Role
FIELD_OF = {
    "bad_registration_no": "registration_no",
    "business_known": "registration_no",
    "bad_kra_pin": "kra_pin",
    "bad_name": "full_name",
    "one_name": "full_name",
    "bad_national_id": "national_id",
    "owner_named_twice": "national_id",
    "share_too_small": "share_percent",
    "shares_too_many": "share_percent",
    "contact_invited": "contact",
    "wrong_pin": "pin",
    "code_locked": "pin",
}
director_drafts = members_only(role=Role.DIRECTOR, is_active=False)
directors_only = members_only(role=Role.DIRECTOR)


@login_required
@require_GET
def index(request):
    """Whom one can act for: oneself, one's businesses, and those that invite one."""
    at = timezone.now()
    invited = queries.invitations_to(request.user, at=at)
    mine, today = queries.memberships_of(request.actor), timezone.localdate(at)
    late = [one.business.pk for one in mine if papers.waits_for_papers(one.business, on=today)]
    facts = {"memberships": mine, "invitations": invited, "waits_for_papers": late}
    return render(request, f"{PAGES}/index.html", facts)


@login_required
def begin(request):
    """The company that somebody registers; from here on it can be left and gone on with."""
    founder = customer_of(request.user)
    if founder is None:
        raise Http404
    form = forms.Company(request.POST or None)

    def deed():
        made = businesses.begin(
            founder, **form.cleaned_data, at=timezone.now(), actor=request.actor
        )
        return to_page(request, "accounts:businesses:directors", made.public_id)

    return answer(request, "company", form, deed)


@director_drafts
def company(request, member):
    """The company's facts, to be put right before they are sent."""
    business = member.business
    known = {name: getattr(business, name) for name in forms.Company.base_fields}
    form = forms.Company(request.POST or None, initial=known)

    def deed():
        told, at = form.cleaned_data, timezone.now()
        businesses.tell_company(business, **told, at=at, actor=request.actor)
        return to_page(request, "accounts:businesses:directors", business.public_id)

    return answer(request, "company", form, deed, business=business)


@director_drafts
def directors(request, member):
    """Who else directs it, signs for it or prepares its payments."""
    business = member.business
    withdrawn = request.POST.get("withdraw", "")
    if withdrawn:
        return _withdraw(request, business, withdrawn, back="directors")
    form = forms.Invite(request.POST or None)

    def deed():
        address, at = _address_of(request), timezone.now()
        invitations.invite(
            business, **form.cleaned_data, address_of=address, at=at, actor=request.actor
        )
        messages.success(request, _("Invited. The link works for 7 days."))
        return to_page(request, "accounts:businesses:directors", business.public_id)

    facts = {"team": queries.team_of(business), "invited": queries.invitations_of(business)}
    return answer(request, "directors", form, deed, business=business, **facts)


@director_drafts
def owners(request, member):
    """Every natural person who owns a tenth or more."""
    business, at = member.business, timezone.now()
    gone = request.POST.get("remove", "")
    if gone.isascii() and gone.isdigit() and len(gone) < 18:  # noqa: PLR2004 - a bigint.
        businesses.forget_owner(business, owner=int(gone), at=at, actor=request.actor)
        return to_page(request, "accounts:businesses:owners", business.public_id)
    form = forms.Owner(request.POST or None)

    def deed():
        businesses.name_owner(business, **form.cleaned_data, at=at, actor=request.actor)
        return to_page(request, "accounts:businesses:owners", business.public_id)

    named = queries.owners_of(business)
    facts = {"owners": named, "together": queries.shares_named(business)}
    return answer(request, "owners", form, deed, business=business, **facts)


@director_drafts
def mandate(request, member):
    """Who must approve which amounts, with the answer for an amount one can try."""
    business = member.business
    bands = queries.bands_of(business)
    form = forms.Mandate(request.POST or None, initial=forms.Mandate.initial_of(bands))

    def deed():
        at = timezone.now()
        businesses.choose_mandate(business, bands=form.bands, at=at, actor=request.actor)
        return to_page(request, "accounts:businesses:mandate", business.public_id)

    facts = {"bands": bands, "preview": _preview(request, business, bands)}
    return answer(request, "mandate", form, deed, business=business, **facts)


@director_drafts
def resolution(request, member):
    """What the directors resolve, word for word, and the signature of the one who registers."""
    business, language = member.business, get_language()
    text = businesses.resolution_text(business, language=language)
    form = forms.Agree(request.POST or None, initial={"seen": businesses.text_hash(text)})

    def deed():
        seen, at = form.cleaned_data["seen"], timezone.now()
        businesses.resolve(business, seen=seen, language=language, at=at, actor=request.actor)
        return to_page(request, "accounts:businesses:check", business.public_id)

    return answer(request, "resolution", form, deed, business=business, lines=text.splitlines())


@director_drafts
def check(request, member):
    """Every answer with its Change link, and the button that sends them to the bank."""
    business = member.business
    form = forms.forms.Form(request.POST or None)

    def deed():
        businesses.submit(business, at=timezone.now(), actor=request.actor)
        return to_page(request, "accounts:businesses:papers", business.public_id)

    facts = {
        "team": queries.team_of(business),
        "invited": queries.invitations_of(business),
        "owners": queries.owners_of(business),
        "bands": queries.bands_of(business),
        "resolution": queries.resolution_of(business),
    }
    return answer(request, "check", form, deed, business=business, **facts)


def invitation(request, token):
    """What somebody is invited to, for the one who has the phone or e-mail; yes or no."""
    at = timezone.now()
    try:
        found = queries.invitation_by(token, at=at)
        if not request.user.is_authenticated:
            facts = {"login_next": request.get_full_path()}
            return render(request, f"{PAGES}/invited_stranger.html", facts)
        invitations.check_invited(found, request.user)
    except (InvitationOver, NotInvited) as refusal:
        facts = {"refusal": str(refusal)}
        return render(request, f"{PAGES}/invitation_over.html", facts, status=refusal.status)
    return _invitation_page(request, found, at=at)


@members_only
@require_GET
def team(request, member):
    """Who acts for the business, who must approve what, and what waits for a second director."""
    business = member.business
    bands = queries.bands_of(business)
    facts = {
        "business": business,
        "member": member,
        "team": queries.team_of(business),
        "invited": queries.invitations_of(business),
        "bands": bands,
        "preview": _preview(request, business, bands),
        "changes": queries.changes_of(business, at=timezone.now()),
        "is_sole": queries.is_sole_director(business),
        "audit": trail_of(business),
    }
    return render(request, f"{PAGES}/team.html", facts)


@directors_only
@sensitive_post_parameters("pin")
def invite(request, member):
    """Ask for an invitation; it is sent when a second director agrees."""
    business = member.business
    if withdrawn := request.POST.get("withdraw", ""):
        return _withdraw(request, business, withdrawn, back="team")
    form = forms.InviteByTwo(request.POST or None)

    def deed():
        at = timezone.now()
        changes.ask_invitation(business, **form.cleaned_data, at=at, actor=request.actor)
        return _asked(request, business)

    return answer(request, "invite", form, deed, business=business)


@directors_only
@sensitive_post_parameters("pin")
def change_mandate(request, member):
    """Ask for another mandate; the one in force stays until a second director agrees."""
    business = member.business
    start = forms.Mandate.initial_of(queries.bands_of(business))
    form = forms.MandateByTwo(request.POST or None, initial=start)

    def deed():
        pin, at = form.cleaned_data["pin"], timezone.now()
        changes.ask_mandate(business, bands=form.bands, pin=pin, at=at, actor=request.actor)
        return _asked(request, business)

    return answer(request, "change_mandate", form, deed, business=business)


@members_only
@sensitive_post_parameters("pin")
def leave(request, member, customer):
    """Take a person off the team, or leave it oneself."""
    business, at = member.business, timezone.now()
    is_me = customer == member.customer.pk
    them = [one for one in queries.team_of(business) if one.customer.pk == customer]
    if not (them and (is_me or member.is_director)):
        raise Http404
    form = (forms.forms.Form if is_me else forms.Pin)(request.POST or None)

    def deed():
        if is_me:
            changes.leave(business, at=at, actor=request.actor)
            return to_page(request, "accounts:businesses:index")
        pin = form.cleaned_data["pin"]
        changes.ask_leave(business, customer=customer, pin=pin, at=at, actor=request.actor)
        return _asked(request, business)

    return answer(request, "leave", form, deed, business=business, people=them, is_me=is_me)


@directors_only
@sensitive_post_parameters("pin")
def change(request, member, change):
    """A change that waits: what was, what would be, and a second director's yes or no."""
    business, at = member.business, timezone.now()
    try:
        row = queries.change_of(business, public_id=change)
    except NoSuchBusiness as refusal:
        raise Http404 from refusal
    is_rejecting = "reject" in request.POST
    kind = forms.Reason if is_rejecting else forms.Decide
    form = kind(request.POST or None, initial={"seen": row.digest})

    def deed():
        if is_rejecting:
            reason = form.cleaned_data["reason"]
            changes.turn_down(row, reason=reason, at=at, actor=request.actor)
            messages.success(request, _("Rejected. Nothing was changed."))
        else:
            address = _address_of(request)
            changes.agree(row, **form.cleaned_data, address_of=address, at=at, actor=request.actor)
            messages.success(request, _("Done. The change holds from now on."))
        return to_page(request, "accounts:businesses:team", business.public_id)

    facts = {
        "change": row,
        "is_mine": row.made_by_id == member.customer.pk,
        "is_open": row.state == "PENDING" and at < row.expires_at,
        "reason_form": form if is_rejecting else forms.Reason(),
        "decide_form": forms.Decide(initial={"seen": row.digest}) if is_rejecting else form,
        "bands": queries.bands_of(business),
        "after": [mandates.Band.read(facts) for facts in row.payload.get("bands", [])],
        "them": queries.person_of(row),
        "contact": invitations.contact_of(row),
        "role_labels": [Role(role).label for role in row.payload.get("roles", [])],
        "is_mandate": row.kind == Change.Kind.MANDATE,
    }
    return answer(request, "change", form, deed, business=business, **facts)


def answer(request, page: str, form, deed, **facts):
    """The page with its form; what a sound one asks for is done, and a refusal put beside it."""
    if form.is_valid():
        try:
            return deed()
        except Refusal as refusal:
            field = FIELD_OF.get(refusal.code)
            form.add_error(field if field in form.fields else None, str(refusal))
    status = 422 if form.errors else 200
    facts |= {"form": form}
    return render(request, f"{PAGES}/{page}.html", facts, status=status)


def _invitation_page(request, found, *, at):
    customer = customer_of(request.user)
    if customer is None:
        return redirect("accounts:customers:next_step")
    standing = queries.resolution_of(found.business) if Role.DIRECTOR in found.roles else None
    if request.method == "POST" and "decline" in request.POST:
        invitations.decline(found, user=request.user, at=at, actor=request.actor)
        messages.success(request, _("Declined. Nothing else happens."))
        return to_page(request, "accounts:businesses:index")
    kind = forms.Agree if standing else forms.forms.Form
    seen = standing.text_hash if standing else ""
    form = kind(request.POST or None, initial={"seen": seen})

    def deed():
        signs = form.cleaned_data.get("seen", "")
        joined = invitations.accept(
            found, customer=customer, seen=signs, at=at, actor=request.actor
        )
        messages.success(request, _("You now act for {name}.").format(name=joined.name))
        return to_page(request, "accounts:businesses:index")

    facts = {
        "invitation": found,
        "business": found.business,
        "bands": queries.bands_of(found.business),
        "lines": standing.text.splitlines() if standing else [],
    }
    return answer(request, "invitation", form, deed, **facts)


def _withdraw(request, business, public_id: str, *, back: str):
    for one in queries.invitations_of(business):
        if str(one.public_id) == public_id:
            invitations.withdraw(one, at=timezone.now(), actor=request.actor)
    messages.success(request, _("Withdrawn. The link no longer works."))
    return to_page(request, f"accounts:businesses:{back}", business.public_id)


def _asked(request, business):
    messages.success(request, _("Asked. Another director must agree before anything changes."))
    return to_page(request, "accounts:businesses:team", business.public_id)


def _preview(request, business, bands) -> dict:
    """Who must approve an amount that stands in the address (ux.md 2.2)."""
    form = forms.Preview(request.GET if "amount" in request.GET else None)
    facts = {"form": form, "money": form.money}
    try:
        facts["band"] = mandates.band_for(bands, form.money) if form.money else None
    except Refusal as refusal:
        facts["refusal"] = str(refusal)
    people = queries.with_role(business, Role.SIGNATORY)
    return facts | {"names": ", ".join(mandates.short_name(one.full_name) for one in people)}


def _address_of(request):
    return lambda token: request.build_absolute_uri(
        reverse("accounts:businesses:invitation", args=[token])
    )
