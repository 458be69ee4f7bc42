"""
Sending what waits for apps: signed, in order for each object, again and again until it arrives.

Rows are leased with SKIP LOCKED, sent by threads that touch no database, and noted down one by one
as the answers come, so that a dead receiver holds up nobody but itself.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from standardwebhooks import Webhook

from accounts.notifications import operations as notifications
from accounts.partners import outgoing, policy
from accounts.partners.outgoing import Answer
from accounts.partners.states import DELIVERY, DeliveryState
from accounts.partners.webhook_models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from accounts.partners.webhooks import is_loopback_open
from ledger.controls import audit
from wekeza.kit.actor import SYSTEM

GONE = 410
THREADS = 16
RUN_SECONDS = 20
# Of each object only the first event that still waits may leave, when its own time comes, and those
# behind it take nobody's place. A receiver has so many places; what is on its way keeps its own.
# Nothing leaves for an app that may not work now; what waits for it goes on when it may again.
_DUE = """
SELECT d.id FROM accounts_webhookdelivery d JOIN (
  SELECT h.id, row_number() OVER (PARTITION BY h.endpoint_id
         ORDER BY (h.leased_until > %(at)s) IS TRUE DESC, h.due_at, h.id) AS place
    FROM accounts_webhookdelivery h
    JOIN accounts_webhookendpoint e ON e.id = h.endpoint_id
    JOIN accounts_partnerapp a ON a.id = e.app_id
    JOIN accounts_partner p ON p.id = a.partner_id
   WHERE h.state = 'PENDING' AND h.due_at <= %(at)s
     AND e.disabled_at IS NULL AND e.closed_at IS NULL AND a.state = 'ACTIVE'
     AND (p.state = 'ACTIVE' OR a.mode = 'SANDBOX' AND p.state = 'APPLIED')
     AND NOT EXISTS (SELECT 1 FROM accounts_webhookdelivery b WHERE b.endpoint_id = h.endpoint_id
         AND b.subject = h.subject AND b.sequence < h.sequence AND b.state = 'PENDING')
  ) head ON head.id = d.id
 WHERE head.place <= %(most)s AND d.state = 'PENDING' AND d.due_at <= %(at)s
   AND (d.leased_until IS NULL OR d.leased_until <= %(at)s)
 ORDER BY d.due_at, d.id LIMIT %(room)s FOR UPDATE OF d SKIP LOCKED"""


@dataclass(frozen=True, slots=True)
class Letter:
    """One try, ready to send: no thread that sends it needs the database."""

    row: WebhookDelivery
    url: str
    body: bytes
    headers: dict
    is_loopback_open: bool


def deliver_due(*, clock: Callable[[], datetime]) -> int:
    """
    This will send what is due, and what falls due meanwhile, and give how many tries were made.
    `clock` gives the moment: a run goes on while a slow receiver keeps one of its threads busy.
    """
    tried, began = 0, clock()
    running: dict[Future, Letter] = {}
    with ThreadPoolExecutor(THREADS) as pool:
        while True:
            now = clock()
            is_late = (now - began).total_seconds() >= RUN_SECONDS
            room = 0 if is_late else THREADS - len(running)
            for letter in _lease(at=now, room=room) if room else []:
                running[pool.submit(_send, letter)] = letter
            if not running:
                return tried
            done, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in done:
                _note(running.pop(future).row, future.result(), at=clock())
                tried += 1


def signed(endpoint: WebhookEndpoint, *, event_id: str, body: str, at: datetime) -> dict:
    """
    This will give the headers that prove where a message comes from and when it was sent: those of
    standardwebhooks.com, and the mission's own (HMAC-SHA256 of "<seconds>.<body>", in hex).
    """
    moment = at.astimezone(UTC)
    seconds = int(moment.timestamp())
    secrets = [endpoint.secret]
    if endpoint.old_secret_until is not None and at < endpoint.old_secret_until:
        secrets.append(endpoint.old_secret)
    standard = [Webhook(secret).sign(event_id, moment, body) for secret in secrets]
    ours = [f"v1={_hex(secret, f'{seconds}.{body}')}" for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Wekeza-Webhooks/1",
        "webhook-id": event_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(standard),
        "X-Wekeza-Signature": ",".join([f"t={seconds}", *ours]),
    }


@transaction.atomic
def _lease(*, at: datetime, room: int) -> list[Letter]:
    facts = {"at": at, "most": policy.AT_ONCE_FOR_ONE, "room": room}
    ids = [row.pk for row in WebhookDelivery.objects.raw(_DUE, facts)]
    rows = WebhookDelivery.objects.filter(pk__in=ids).select_related("endpoint__app__partner")
    letters = []
    for row in rows.order_by("due_at", "pk"):
        row.tries, row.leased_until = row.tries + 1, at + policy.LEASE
        row.save(update_fields=["tries", "leased_until", "updated_at"])
        letters.append(_written(row, at=at))
    return letters


def _written(row: WebhookDelivery, *, at: datetime) -> Letter:
    body = json.dumps(
        {
            "id": row.event_id,
            "type": row.event,
            "created": row.happened_at.isoformat(),
            "data": row.data,
            "metadata": {
                "attempt": row.tries,
                "object": row.subject,
                "sequence": row.sequence,
                "mode": row.endpoint.app.mode,
            },
        }
    )
    return Letter(
        row=row,
        url=row.endpoint.url,
        body=body.encode(),
        headers=signed(row.endpoint, event_id=row.event_id, body=body, at=at),
        is_loopback_open=is_loopback_open(row.endpoint.app),
    )


def _send(letter: Letter) -> Answer:
    return outgoing.post(
        letter.url,
        body=letter.body,
        headers=letter.headers,
        is_loopback_open=letter.is_loopback_open,
    )


@transaction.atomic
def _note(row: WebhookDelivery, answer: Answer, *, at: datetime) -> None:
    attempt = WebhookAttempt.objects.create(
        delivery=row,
        number=row.tries,
        tried_at=at,
        status_code=answer.status,
        error=answer.error,
        milliseconds=answer.milliseconds,
    )
    row = WebhookDelivery.objects.select_for_update().get(pk=row.pk)
    if row.tries != attempt.number or row.state != DeliveryState.PENDING:
        return  # The lease ran out, and another run took it.
    if attempt.is_good:
        DELIVERY.move(row, to=DeliveryState.DELIVERED, leased_until=None, done_at=at, updated_at=at)
    elif answer.status == GONE or row.tries >= policy.MOST_TRIES:
        DELIVERY.move(row, to=DeliveryState.FAILED, leased_until=None, done_at=at, updated_at=at)
        why = f"{answer.status or ''} {answer.error}".strip()
        _turn_off(row.endpoint_id, why=why, at=at)
    else:
        due_at = at + policy.BACK_OFF[row.tries - 1]
        WebhookDelivery.objects.filter(pk=row.pk).update(due_at=due_at, leased_until=None)


def _turn_off(endpoint_id: int, *, why: str, at: datetime) -> None:
    """A receiver that is gone, or was away for days, is left alone, and its partner is told."""
    endpoint = WebhookEndpoint.objects.select_for_update(of=("self",)).get(pk=endpoint_id)
    if endpoint.disabled_at is not None:
        return
    endpoint.disabled_at, endpoint.disabled_why = at, why[:120]
    endpoint.save(update_fields=["disabled_at", "disabled_why", "updated_at"])
    audit.record(actor=SYSTEM, deed="partners.webhook_off", subject=endpoint, why=why)
    notifications.queue(
        user=endpoint.app.partner.login,
        channel="EMAIL",
        kind="webhook_off",
        context={"app": endpoint.app.name, "url": endpoint.url, "why": why},
    )


def _hex(secret: str, text: str) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
