"""Looking at partners: their own things, what customers agreed to, and what a call may see."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db.models import Aggregate, Count, IntegerField, Max, Q, QuerySet
from django.db.models.functions import TruncHour
from django.utils.translation import get_language

from accounts.access.models import User
from accounts.customers.models import Customer
from accounts.deposits import queries as deposit_queries
from accounts.deposits.models import DepositAccount
from accounts.deposits.queries import Holding
from accounts.gateway.models import ApiCall
from accounts.partners.models import (
    Partner,
    PartnerApp,
    PartnerConsent,
    PartnerKey,
    PartnerQuota,
    PartnerScope,
    PartnerUsage,
)
from accounts.partners.refusals import NoSuchPartner
from accounts.partners.states import DeliveryState, PartnerState
from accounts.partners.webhook_models import WebhookDelivery, WebhookEndpoint
from ledger.calendar import queries as calendar

MOST_ROWS = 50


class _P95(Aggregate):
    """The duration that 95 of 100 calls stay below."""

    template = "percentile_disc(0.95) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = IntegerField()


@dataclass(frozen=True, slots=True)
class Grant:
    """
    Who calls the partner API and for whom: an app, the scopes of its token, and the customer's
    login if the token is one customer's; None means all whose consent stands.
    """

    app: PartnerApp
    scopes: frozenset[str]
    user: User | None


def partner_of(user: User) -> Partner | None:
    """This will give the partner for which a login speaks."""
    return Partner.objects.filter(login=user).first()


def applications() -> QuerySet[Partner]:
    """This will give the companies that applied and wait, the oldest first."""
    return Partner.objects.filter(state=PartnerState.APPLIED).order_by("applied_at", "pk")


def admitted() -> QuerySet[Partner]:
    """This will give the companies that work with the bank, or did, by name."""
    return Partner.objects.exclude(state=PartnerState.APPLIED).order_by("name")


def apps_of_partner(partner: Partner, *, at: datetime) -> list[PartnerApp]:
    """This will give a partner's apps with the consents that stand behind them at a moment."""
    stands = Q(consents__ended_at=None, consents__expires_at__gt=at)
    apps = partner.apps.select_related("client", "partner").order_by("state", "-pk")
    return list(
        apps.annotate(
            standing_consents=Count("consents", filter=stands),
            consent_used_at=Max("consents__last_used_at", filter=stands),
        )
    )


def stuck(*, partner: Partner | None = None) -> QuerySet[WebhookDelivery]:
    """This will give what apps could not be told, given up or to be tried again, oldest first."""
    late = Q(state=DeliveryState.FAILED) | Q(state=DeliveryState.PENDING, tries__gt=0)
    rows = WebhookDelivery.objects.filter(late, endpoint__closed_at=None)
    if partner is not None:
        rows = rows.filter(endpoint__app__partner=partner)
    return rows.select_related("endpoint__app__partner").order_by("happened_at", "pk")


def apps_of(user: User) -> QuerySet[PartnerApp]:
    """This will give the apps of the partner for which a login speaks, the newest first."""
    apps = PartnerApp.objects.filter(partner__login=user).select_related("partner", "client")
    return apps.order_by("state", "-pk")


def app_of(user: User, *, public_id) -> PartnerApp:
    """
    This will give one app of the partner for which a login speaks.

    :raises NoSuchPartner: if it is another's; another's and none look the same.
    """
    return _found(apps_of(user).filter(public_id=public_id))


def app_of_client(client_id: str) -> PartnerApp:
    """
    This will give the app behind an OAuth client.

    :raises NoSuchPartner: if there is none.
    """
    apps = PartnerApp.objects.select_related("partner", "client")
    return _found(apps.filter(client=client_id) if client_id.isalnum() else apps.none())


def keys_of(app: PartnerApp, *, at: datetime) -> list[PartnerKey]:
    """This will give the keys with which an app can get in at a moment, the newest first."""
    valid = app.keys.filter(Q(valid_until=None) | Q(valid_until__gt=at), revoked_at=None)
    return list(valid.order_by("-pk"))


def hook_of(user: User, *, public_id) -> WebhookEndpoint:
    """
    This will give a webhook of the partner for which a login speaks.

    :raises NoSuchPartner: if it is another's.
    """
    mine = WebhookEndpoint.objects.filter(app__partner__login=user, closed_at=None)
    return _found(mine.filter(public_id=public_id).select_related("app__partner"))


def hooks_of(app: PartnerApp) -> QuerySet[WebhookEndpoint]:
    """This will give the webhooks of an app, the newest first."""
    return app.hooks.filter(closed_at=None).order_by("-pk")


def deliveries_of(endpoint: WebhookEndpoint) -> QuerySet[WebhookDelivery]:
    """This will give the newest events for an endpoint, with their tries."""
    rows = endpoint.deliveries.order_by("-pk").prefetch_related("attempts")
    return rows[:MOST_ROWS]


def delivery_of(user: User, *, public_id) -> WebhookDelivery:
    """
    This will give a delivery to a webhook of the partner for which a login speaks.

    :raises NoSuchPartner: if it is another's.
    """
    mine = WebhookDelivery.objects.filter(endpoint__app__partner__login=user)
    return _found(mine.filter(public_id=public_id).select_related("endpoint__app"))


def scopes() -> list[PartnerScope]:
    """This will give every scope there is, in the order of the consent page."""
    return list(PartnerScope.objects.order_by("rank"))


def quota_of(app: PartnerApp, *, at: datetime) -> PartnerQuota:
    """
    This will give the quota of an app on the Nairobi day of `at`: its own, else its mode's, of two
    in force the one with the later start.
    """
    rows = PartnerQuota.objects.on(calendar.nairobi_date(at)).filter(mode=app.mode)
    return rows.filter(app=app).first() or rows.filter(app=None)[0]


def calls_logged(app: PartnerApp) -> QuerySet[ApiCall]:
    """This will give the newest calls of an app as they ended."""
    return ApiCall.objects.filter(principal=app.key).order_by("-pk")


def hours_of(app: PartnerApp, *, at: datetime, most: int = 24) -> list[dict]:
    """This will give calls, errors and the 95th percentile in milliseconds of the last hours."""
    since = at - timedelta(hours=most)
    rows = calls_logged(app).order_by().filter(called_at__gte=since)
    return list(
        rows.annotate(hour=TruncHour("called_at"))
        .values("hour")
        .annotate(calls=Count("pk"), errors=Count("pk", filter=Q(status__gte=400)), p95=_P95("ms"))
        .order_by("-hour")
    )


def days_of(app: PartnerApp, *, most: int = 14) -> list[PartnerUsage]:
    """This will give the calls of the newest days on which an app made any."""
    rows = PartnerUsage.objects.filter(app=app, span=PartnerUsage.Span.DAY)
    return list(rows.order_by("-starts_at")[:most])


def is_from_home(app: PartnerApp, *, address: str) -> bool:
    """This will say whether an app may call from an IP address."""
    if not app.networks:
        return True
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    caller = getattr(caller, "ipv4_mapped", None) or caller
    return any(caller in ip_network(network) for network in app.networks)


def consents_of(customer: Customer) -> QuerySet[PartnerConsent]:
    """This will give every consent that a customer gave to an app, the newest first."""
    rows = PartnerConsent.objects.filter(customer=customer).order_by("-pk")
    return rows.select_related("app__partner", "app__client").prefetch_related("accounts__product")


def held_on(customer: Customer) -> list[dict]:
    """This will give what a customer let apps see and ask for, for the copy of their data."""
    sentences = {scope.code: scope for scope in scopes()}
    return [
        {
            "app": row.app.name,
            "partner": row.app.partner.name,
            "may": ", ".join(sentences[code].words(get_language() or "en") for code in row.scopes),
            "accounts": ", ".join(account.number for account in row.accounts.all()),
            "version": row.version,
            "text_sha256": row.text_hash,
            "language": row.language,
            "given": row.given_at,
            "valid_until": row.expires_at,
            "withdrawn": row.ended_at,
            "used": row.last_used_at,
        }
        for row in consents_of(customer)
    ]


def consent_of(customer: Customer, *, public_id) -> PartnerConsent:
    """
    This will give one consent of a customer.

    :raises NoSuchPartner: if it is another's.
    """
    return _found(consents_of(customer).filter(public_id=public_id))


def standing(grant: Grant, *, scope: str, at: datetime) -> QuerySet[PartnerConsent]:
    """
    This will give the consents on which a call may rely at a moment: of this app, neither ended nor
    over, and with the scope in both the token and the consent.
    """
    rows = PartnerConsent.objects.filter(
        app=grant.app, ended_at=None, expires_at__gt=at, scopes__contains=[scope]
    )
    if scope not in grant.scopes:
        return rows.none()
    return rows if grant.user is None else rows.filter(customer__user=grant.user)


def consents_behind(grant: Grant, *, at: datetime) -> QuerySet[PartnerConsent]:
    """This will give the consents that stand behind a token at a moment, the newest first."""
    rows = PartnerConsent.objects.filter(app=grant.app, ended_at=None, expires_at__gt=at)
    rows = rows if grant.user is None else rows.filter(customer__user=grant.user)
    return rows.prefetch_related("accounts").order_by("-pk")


def holdings_open_to(grant: Grant, *, scope: str, at: datetime) -> list[Holding]:
    """This will give the accounts that a call may see for one kind of object, the oldest first."""
    consents = standing(grant, scope=scope, at=at)
    shared = DepositAccount.objects.filter(pk__in=consents.values("accounts")).order_by("pk")
    return [deposit_queries.standing_of(account) for account in shared]


def one_open_to(grant: Grant, *, scope: str, number: str, at: datetime) -> Holding:
    """
    This will give one account that a call may see for one kind of object.

    :raises NoSuchPartner: if no standing consent covers it; another's and none look the same.
    """
    consents = standing(grant, scope=scope, at=at)
    shared = DepositAccount.objects.filter(pk__in=consents.values("accounts"), number=number)
    return deposit_queries.standing_of(_found(shared))


def apps_that_see(account_ids, *, scope: str, at: datetime) -> QuerySet[PartnerConsent]:
    """
    This will give the standing consents that share any of these accounts for a scope with an app
    that may work now.
    """
    mine = Q(accounts__in=account_ids, scopes__contains=[scope])
    working = PartnerApp.objects.working()
    rows = PartnerConsent.objects.filter(mine, app__in=working, ended_at=None, expires_at__gt=at)
    return rows.select_related("app").distinct()


def _found(rows):
    """The first row; an id that is none finds nothing."""
    row = rows.first()
    if row is None:
        raise NoSuchPartner
    return row
