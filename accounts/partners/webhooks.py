"""
Where apps are told what happens, and the events that wait for them.

Events come from the outbox, at least once; a row for each endpoint and event id makes that once.
"""

import base64
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.partners import outgoing, policy
from accounts.partners.models import PartnerApp, PartnerConsent
from accounts.partners.refusals import AppClosed, EndpointOff, ReplayTooEarly
from accounts.partners.states import DELIVERY, DeliveryState
from accounts.partners.webhook_models import WebhookDelivery, WebhookEndpoint
from ledger.controls import audit
from ledger.controls.models import BankFact, OutboxMessage
from wekeza.kit.actor import Actor

TOPICS = ("payment", "transaction", "account", "consent")


def add(
    app: PartnerApp, *, url: str, topics: Collection[str], at: datetime, actor: Actor
) -> WebhookEndpoint:
    """
    This will tell an app what happens at an address, from now on; its `secret` is for showing once.

    :raises UnsafeAddress: if the bank may not send there.
    :raises AppClosed: if the app or its partner may not work now.
    """
    target = outgoing.look(url, is_loopback_open=is_loopback_open(app))
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.create(
            app=_working(app), url=url, topics=sorted(topics), secret=_new_secret()
        )
        # Path and query may hold a key of the receiver's; the audit trail keeps the host for ever.
        host = target.parts.hostname
        audit.record(actor=actor, deed="partners.webhook_added", subject=endpoint, host=host)
    return endpoint


@transaction.atomic
def renew_secret(endpoint: WebhookEndpoint, *, at: datetime, actor: Actor) -> str:
    """This will give a new secret, once; for seven days everything is signed with both."""
    row = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    row.old_secret, row.old_secret_until = row.secret, at + policy.SECRET_OVERLAP
    row.secret = _new_secret()
    row.save(update_fields=["secret", "old_secret", "old_secret_until", "updated_at"])
    audit.record(actor=actor, deed="partners.webhook_secret_renewed", subject=row)
    return row.secret


def turn_on(endpoint: WebhookEndpoint, *, at: datetime, actor: Actor) -> None:
    """
    This will send to an endpoint again, with all that waited for it.

    :raises UnsafeAddress: if the bank may not send there any more.
    :raises AppClosed: if the app or its partner may not work now.
    """
    outgoing.look(endpoint.url, is_loopback_open=is_loopback_open(endpoint.app))
    with transaction.atomic():
        _working(endpoint.app)
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
            disabled_at=None, disabled_why="", updated_at=at
        )
        audit.record(actor=actor, deed="partners.webhook_on", subject=endpoint)


@transaction.atomic
def close(endpoint: WebhookEndpoint, *, at: datetime, actor: Actor) -> None:
    """This will send nothing to an endpoint any more."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk, closed_at=None).update(
        closed_at=at, updated_at=at
    )
    audit.record(actor=actor, deed="partners.webhook_closed", subject=endpoint)


@transaction.atomic
def replay(delivery: WebhookDelivery, *, at: datetime, actor: Actor) -> None:
    """
    This will send an event once more, with the same event id.

    :raises EndpointOff: if its endpoint is off.
    :raises ReplayTooEarly: if it is on its way already.
    """
    row = WebhookDelivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if not row.endpoint.is_on:
        raise EndpointOff
    if row.state == DeliveryState.PENDING:
        raise ReplayTooEarly
    DELIVERY.move(row, to=DeliveryState.PENDING, due_at=at, updated_at=at)
    WebhookDelivery.objects.filter(pk=row.pk).update(tries=0, leased_until=None, done_at=None)
    audit.record(actor=actor, deed="partners.webhook_replayed", subject=row)


@transaction.atomic
def announce(
    *,
    apps: Iterable[PartnerApp],
    event: str,
    event_id: str,
    subject: str,
    data: dict,
    happened_at: datetime,
    at: datetime,
) -> int:
    """
    This will lay an event ready for every endpoint of these apps that wants its topic, once for an
    `event_id`, numbered within its `subject`; gives how many were new. An app that may not work now
    is told nothing.
    """
    topic = event.partition(".")[0]
    working = PartnerApp.objects.working().filter(pk__in=[app.pk for app in apps])
    hooks = WebhookEndpoint.objects.select_for_update().filter(
        app__in=working, topics__contains=[topic], closed_at=None
    )
    new = 0
    for hook in hooks.order_by("pk"):  # Their rows are locked, so numbers have no gaps.
        if hook.deliveries.filter(event_id=event_id).exists():
            continue
        last = hook.deliveries.filter(subject=subject).aggregate(last=Max("sequence"))["last"]
        hook.deliveries.create(
            event_id=event_id,
            event=event,
            subject=subject,
            sequence=(last or 0) + 1,
            data=data,
            happened_at=happened_at,
            due_at=at,
        )
        new += 1
    return new


def tell_consent(*, message_id: int, consent: int, at: datetime, **_) -> None:
    """This will tell an app that a customer connected it, or that the consent ended."""
    row = PartnerConsent.objects.select_related("app").get(pk=consent)
    ended = OutboxMessage.objects.filter(pk=message_id, event="consent.ended").exists()
    accounts = [account.number for account in row.accounts.order_by("pk")]
    data = {
        "consent_id": str(row.public_id),
        "status": (row.ended_by or "ENDED") if ended else "ACTIVE",
        "scopes": row.scopes,
        "accounts": accounts,
        "expires_at": row.expires_at.isoformat(),
    }
    subject = f"consent:{row.public_id}"
    happened_at = row.ended_at if ended else row.given_at
    facts = {"apps": [row.app], "subject": subject, "happened_at": happened_at, "at": at}
    event = "consent.ended" if ended else "consent.given"
    announce(event=event, event_id=f"evt_consent_{message_id}", data=data, **facts)
    for number in accounts:
        announce(
            event="account.disconnected" if ended else "account.connected",
            event_id=f"evt_account_{message_id}_{number}",
            data={"account": number, "consent_id": str(row.public_id)},
            **(facts | {"subject": f"account:{number}"}),
        )


def is_loopback_open(app: PartnerApp) -> bool:
    """This will say whether an app may be told on this very machine: a sandbox, in a demo bank."""
    return app.is_sandbox and BankFact.objects.filter(is_demo=True).exists()


def _working(app: PartnerApp) -> PartnerApp:
    """The app as it is now, held so that nobody closes it meanwhile."""
    locked = PartnerApp.objects.select_for_update(of=("self",)).select_related("partner")
    row = locked.get(pk=app.pk)
    if not row.is_working:
        raise AppClosed
    return row


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
