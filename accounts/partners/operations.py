"""Taking partners on, their apps and keys, and counting what they call."""

import secrets
from collections.abc import Collection
from datetime import datetime, time, timedelta
from ipaddress import ip_network
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client, Token
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.text import Truncator

from accounts.access.models import User
from accounts.notifications import operations as notifications
from accounts.partners import consents, hashers, policy, queries, webhooks
from accounts.partners.models import Partner, PartnerApp, PartnerKey, PartnerScope, PartnerUsage
from accounts.partners.refusals import (
    AlreadyPartner,
    AppClosed,
    BadNetwork,
    BadRedirect,
    NameTaken,
    NoSandbox,
    NotAdmitted,
    QuotaUsed,
    UnknownScope,
)
from accounts.partners.states import APP, PARTNER, AppState, PartnerState
from ledger.approvals import operations as approvals
from ledger.approvals import queries as approval_queries
from ledger.approvals.models import Approval
from ledger.approvals.refusals import AlreadyWaiting
from ledger.calendar import queries as calendar
from ledger.controls import audit
from ledger.controls.models import BankFact
from wekeza.kit.actor import Actor
from wekeza.kit.db import inside_transaction

__all__ = [
    "add_app",
    "admit",
    "apply",
    "ask_admission",
    "change_app",
    "close_app",
    "consents",
    "count_call",
    "issue_key",
    "refuse",
    "revoke_keys",
    "suspend",
    "webhooks",
]

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
MOST_SHOWN = Client._meta.get_field("name").max_length
GRANTS = ["authorization_code", "refresh_token", "client_credentials"]
Mode, Span = PartnerApp.Mode, PartnerUsage.Span


def apply(
    user: User,
    *,
    name: str,
    registration_no: str,
    website: str,
    purpose: str,
    at: datetime,
    actor: Actor,
) -> Partner:
    """
    This will take in a company's application; it may build with sandbox apps while it waits.

    :raises AlreadyPartner: if the login speaks for a company already.
    :raises NameTaken: if another company has the name.
    """
    known = queries.partner_of(user)
    if known is not None:
        raise AlreadyPartner(name=known.name)
    try:
        with transaction.atomic():
            partner = Partner.objects.create(
                login=user,
                name=name,
                registration_no=registration_no,
                website=website,
                purpose=purpose,
                applied_at=at,
            )
            audit.record(actor=actor, deed="partners.applied", subject=partner, name=name)
    except IntegrityError as error:
        raise NameTaken(name=name) from error
    return partner


def ask_admission(partner: Partner, *, reason: str, at: datetime, actor: Actor) -> Approval:
    """
    This will ask a second person to admit a company that applied, or to let one that was suspended
    go on.

    :raises IllegalMove: if it does not wait any more.
    :raises MayNotAsk: and the other refusals of `approvals.propose`.
    """
    PARTNER.step(partner, to=PartnerState.ACTIVE)
    return approvals.propose(
        deed="partners.admit",
        subject=partner,
        payload={"partner": partner.pk},
        changes=[
            approvals.Change(
                "State",
                str(PartnerState(partner.state).label),
                str(PartnerState.ACTIVE.label),
            )
        ],
        impact=f"{partner.name} may ask real customers for consent",
        reason=reason,
        actor=actor,
        at=at,
    )


@inside_transaction
def admit(*, payload: dict, approval: Approval, actor: Actor, at: datetime) -> Partner:
    """
    This will admit a company as a second person approved (deed "partners.admit"); from then on its
    live apps work. The database refuses it without that approval.

    :raises IllegalMove: if it does not wait any more.
    """
    partner = Partner.objects.select_for_update(of=("self",)).get(pk=payload["partner"])
    PARTNER.move(
        partner,
        to=PartnerState.ACTIVE,
        admitted_at=at,
        approval_id=approval.pk,
        updated_at=at,
    )
    audit.record(actor=actor, deed="partners.admit", subject=partner, approval=approval.pk)
    facts = {"name": partner.name}
    notifications.queue(user=partner.login, channel="EMAIL", kind="partner_admitted", context=facts)
    return partner


@transaction.atomic
def refuse(partner: Partner, *, reason: str, at: datetime, actor: Actor) -> None:
    """
    This will refuse a company that applied, for good, and tell it why: its sandbox apps stop, and
    their tokens are thrown away.

    :raises IllegalMove: if it does not wait any more.
    :raises AlreadyWaiting: while a second person is asked to admit it; that one says no there.
    """
    if approval_queries.waiting_for(partner):
        raise AlreadyWaiting
    PARTNER.move(partner, to=PartnerState.CLOSED, updated_at=at)
    Token.objects.filter(client__app__partner=partner).delete()
    audit.record(actor=actor, deed="partners.refused", subject=partner, reason=reason)
    facts = {"name": partner.name, "reason": reason}
    notifications.queue(user=partner.login, channel="EMAIL", kind="partner_refused", context=facts)


@transaction.atomic
def suspend(partner: Partner, *, reason: str, at: datetime, actor: Actor) -> None:
    """
    This will stop all of a partner's apps at once and throw away their tokens.

    :raises IllegalMove: if it does not work now.
    """
    PARTNER.move(partner, to=PartnerState.SUSPENDED, updated_at=at)
    Token.objects.filter(client__app__partner=partner).delete()
    audit.record(actor=actor, deed="partners.suspended", subject=partner, reason=reason)


@transaction.atomic
def add_app(
    partner: Partner,
    *,
    name: str,
    mode: str,
    scopes: Collection[str],
    redirect_uris: Collection[str],
    networks: Collection[str],
    at: datetime,
    actor: Actor,
) -> PartnerApp:
    """
    This will make an app; it cannot get in before it has a key (`issue_key`).

    :raises NotAdmitted: if it is to be live and the company is not approved.
    :raises NoSandbox: if it is to be a sandbox app and this is no demo bank.
    :raises NameTaken: if the partner has such an app.
    :raises BadRedirect: or BadNetwork, UnknownScope, naming the one that is wrong.
    """
    if mode == Mode.LIVE and not partner.is_active:
        raise NotAdmitted
    if mode == Mode.SANDBOX and not BankFact.objects.filter(is_demo=True).exists():
        raise NoSandbox
    _check(scopes, redirect_uris, networks, mode=mode)
    if partner.apps.filter(name=name, mode=mode).exists():
        raise NameTaken(name=name)

    # What customers read: the company whole, and as much of the app's name as there is room for.
    shown = Truncator(f"{partner.name}: {name}").chars(MOST_SHOWN)
    client = Client(name=shown, type=Client.Type.CONFIDENTIAL, created_at=at)
    client.secret = hashers.encoded([])
    client.set_grant_types(GRANTS)
    _fill(client, scopes, redirect_uris)
    app = PartnerApp.objects.create(
        partner=partner, client=client, name=name, mode=mode, networks=list(networks)
    )
    audit.record(actor=actor, deed="partners.app_added", subject=app, mode=mode, name=name)
    return app


@transaction.atomic
def change_app(
    app: PartnerApp,
    *,
    scopes: Collection[str],
    redirect_uris: Collection[str],
    networks: Collection[str],
    at: datetime,
    actor: Actor,
) -> None:
    """
    This will change what an app may ask for and from where. Consents keep what was agreed to; a
    scope that is taken away is gone from every token at once.

    :raises BadRedirect: or BadNetwork, UnknownScope, naming the one that is wrong.
    :raises AppClosed: if it is closed.
    """
    app = PartnerApp.objects.select_for_update(of=("self",)).select_related("client").get(pk=app.pk)
    if app.state != AppState.ACTIVE:
        raise AppClosed
    _check(scopes, redirect_uris, networks, mode=app.mode)

    _fill(app.client, scopes, redirect_uris)
    app.networks = list(networks)
    app.save(update_fields=["networks", "updated_at"])
    audit.record(
        actor=actor,
        deed="partners.app_changed",
        subject=app,
        scopes=" ".join(sorted(scopes)),
        redirects=" ".join(redirect_uris),
        networks=" ".join(networks),
    )


@transaction.atomic
def issue_key(app: PartnerApp, *, at: datetime, actor: Actor) -> str:
    """
    This will make a new key of an app and give it, once; nobody can read it again. The key before
    it works for seven days more, and no older one.

    :raises AppClosed: if it is closed.
    """
    app = PartnerApp.objects.select_for_update(of=("self",)).select_related("client").get(pk=app.pk)
    if app.state != AppState.ACTIVE:
        raise AppClosed
    secret = f"wk_{app.mode.lower()}_{secrets.token_urlsafe(32)}"

    older = app.keys.filter(revoked_at=None)
    older.filter(valid_until__gt=at).update(valid_until=at, updated_at=at)
    older.filter(valid_until=None).update(valid_until=at + policy.KEY_OVERLAP, updated_at=at)
    PartnerKey.objects.create(
        app=app, hint=f"{secret[:14]}…", digest=hashers.digest_of(secret), created_at=at
    )
    _tell_client(app, at=at)
    audit.record(actor=actor, deed="partners.key_issued", subject=app)
    _tell_partner(app, "partner_key_issued")
    return secret


@transaction.atomic
def revoke_keys(app: PartnerApp, *, at: datetime, actor: Actor) -> None:
    """
    This will end every key and token of an app at once: one of them leaked. Customers' consents
    stand, so that the app goes on with a new key.
    """
    app = PartnerApp.objects.select_for_update(of=("self",)).select_related("client").get(pk=app.pk)
    ended = app.keys.filter(revoked_at=None).update(revoked_at=at, updated_at=at)
    _tell_client(app, at=at)
    Token.objects.filter(client=app.client).delete()
    audit.record(actor=actor, deed="partners.keys_revoked", subject=app, keys=ended)
    _tell_partner(app, "partner_keys_revoked")


@transaction.atomic
def close_app(app: PartnerApp, *, at: datetime, actor: Actor) -> None:
    """
    This will close an app for good: keys, tokens, webhooks and customers' consents end.

    :raises IllegalMove: if it is closed.
    """
    APP.move(app, to=AppState.CLOSED, updated_at=at)
    app.keys.filter(revoked_at=None).update(revoked_at=at, updated_at=at)
    _tell_client(app, at=at)
    Token.objects.filter(client=app.client).delete()
    consents.end_all(app, at=at, actor=actor)
    app.hooks.filter(closed_at=None).update(closed_at=at, updated_at=at)
    audit.record(actor=actor, deed="partners.app_closed", subject=app)


def count_call(app: PartnerApp, *, at: datetime) -> tuple[int, int]:
    """
    This will count one call of an app and give (quota a minute, calls left in it). The count is a
    transaction of its own, so that it stays although the call is refused.

    :raises QuotaUsed: with the seconds until the minute or the Nairobi day is over.
    """
    quota = queries.quota_of(app, at=at)
    minute = at.replace(second=0, microsecond=0)
    today = calendar.nairobi_date(at)
    day = datetime.combine(today, time(), calendar.NAIROBI)
    with transaction.atomic():
        calls_today, calls_now = _count(app, Span.DAY, day), _count(app, Span.MINUTE, minute)
        newer = Q(last_used_at=None) | Q(last_used_at__lt=minute)
        PartnerApp.objects.filter(newer, pk=app.pk).update(last_used_at=at)
    for calls, most, span, opens in (
        (calls_today, quota.per_day, Span.DAY, day + timedelta(days=1)),
        (calls_now, quota.per_minute, Span.MINUTE, minute + timedelta(minutes=1)),
    ):
        if calls > most:
            seconds = int((opens - at).total_seconds()) + 1
            raise QuotaUsed(most=most, span=span.label.lower(), retry_after=seconds)
    return quota.per_minute, quota.per_minute - calls_now


def _count(app: PartnerApp, span: str, starts_at: datetime) -> int:
    # Written out: two calls at once must get two numbers, without a lock in between.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_partnerusage (app_id, span, starts_at, calls)"
            " VALUES (%s, %s, %s, 1) ON CONFLICT (app_id, span, starts_at)"
            " DO UPDATE SET calls = accounts_partnerusage.calls + 1 RETURNING calls",
            [app.pk, span, starts_at],
        )
        return cursor.fetchone()[0]


def _check(scopes, redirect_uris, networks, *, mode: str) -> None:
    known = set(PartnerScope.objects.values_list("code", flat=True))
    for scope in scopes:
        if scope not in known:
            raise UnknownScope(scope=scope)
    for uri in redirect_uris:
        if not _is_sound(uri, mode=mode):
            raise BadRedirect(uri=uri)
    for network in networks:
        try:
            ip_network(network)
        except ValueError as error:
            raise BadNetwork(network=network) from error


def _is_sound(uri: str, *, mode: str) -> bool:
    """https, or http to the developer's own machine in the sandbox; exact, so without * and #."""
    try:
        parts = urlsplit(uri)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_plain = uri.isascii() and uri.isprintable() and not set(uri) & set(' *#\\<>"')
    is_local = mode == Mode.SANDBOX and parts.scheme == "http" and parts.hostname in LOOPBACK
    has_person = parts.username is not None or parts.password is not None
    is_web = (parts.scheme == "https" or is_local) and bool(parts.hostname)
    return is_plain and is_web and port_is_good and not has_person


def _fill(client: Client, scopes, redirect_uris) -> None:
    client.set_scopes(sorted(scopes))
    client.set_default_scopes(sorted(scopes))
    client.set_redirect_uris(list(redirect_uris))
    client.save()


def _tell_client(app: PartnerApp, *, at: datetime) -> None:
    """allauth's client gets the digests of the keys that are valid now."""
    keys = [(key.digest, key.valid_until) for key in queries.keys_of(app, at=at)]
    app.client.secret = hashers.encoded(keys[: policy.KEYS_AT_ONCE])
    app.client.save(update_fields=["secret"])


def _tell_partner(app: PartnerApp, kind: str) -> None:
    facts = {"app": app.name, "mode": app.mode.lower()}
    notifications.queue(user=app.partner.login, channel="EMAIL", kind=kind, context=facts)
