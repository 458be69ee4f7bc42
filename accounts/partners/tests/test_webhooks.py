"""Events for apps, over real HTTP: signed, once a try, in order, again until they arrive."""

import hashlib
import hmac
import json
import socket
import time
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from standardwebhooks import Webhook, WebhookVerificationError

from accounts.notifications.models import Message
from accounts.partners import consents, deliveries, policy, queries, webhooks
from accounts.partners import operations as partners
from accounts.partners.factories import AppFactory, ConsentFactory, PartnerFactory, admitted
from accounts.partners.refusals import AppClosed, EndpointOff, ReplayTooEarly, UnsafeAddress
from accounts.partners.tests.receiver import Receiver
from accounts.partners.webhook_models import WebhookDelivery
from ledger.controls import outbox
from ledger.controls.models import AuditEntry
from wekeza.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
HANDLERS = {event: [webhooks.tell_consent] for event in ("consent.given", "consent.ended")}


class Clock:
    """A clock of the test: it stands until it is moved."""

    def __init__(self):
        self.moment = datetime.now(UTC)

    def __call__(self):
        return self.moment

    def move(self, **span):
        self.moment += timedelta(**span)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def hook(app, receiver, clock):
    return add(app, receiver.url + "/hook", clock)


def add(app, url, clock, topics=webhooks.TOPICS):
    return webhooks.add(app, url=url, topics=topics, at=clock(), actor=SYSTEM)


def happen(app, clock, *, number=1, subject="payment:1", event="payment.completed"):
    return webhooks.announce(
        apps=[app],
        event=event,
        event_id=f"evt_{number}",
        subject=subject,
        data={"amount": "1500.00"},
        happened_at=clock(),
        at=clock(),
    )


def deliver(clock):
    return deliveries.deliver_due(clock=clock)


class TestDeliver:
    @pytest.mark.proves("PA09")
    def test_a_receiver_can_verify_what_arrives(self, app, hook, receiver, clock):
        happen(app, clock)

        deliver(clock)

        [(_, headers, body)] = receiver.got
        told = Webhook(hook.secret).verify(body, headers)
        assert told["id"] == headers["webhook-id"] == "evt_1"
        assert (told["type"], told["data"]) == ("payment.completed", {"amount": "1500.00"})
        assert told["metadata"]["attempt"] == told["metadata"]["sequence"] == 1
        row = WebhookDelivery.objects.get()
        assert row.state == "DELIVERED" and row.attempts.get().status_code == 200

    def test_the_missions_header_signs_the_moment_and_the_body(self, app, hook, receiver, clock):
        happen(app, clock)

        deliver(clock)

        [(_, headers, body)] = receiver.got
        parts = dict(part.split("=", 1) for part in headers["X-Wekeza-Signature"].split(","))
        key = b64decode(hook.secret.removeprefix("whsec_"))
        expected = hmac.new(key, f"{parts['t']}.{body}".encode(), hashlib.sha256).hexdigest()
        assert parts["v1"] == expected
        assert int(parts["t"]) == int(clock().timestamp())

    def test_a_changed_body_and_an_old_message_do_not_verify(self, hook, clock):
        body = json.dumps({"id": "evt_1"})
        fresh = deliveries.signed(hook, event_id="evt_1", body=body, at=clock())
        old = deliveries.signed(
            hook, event_id="evt_1", body=body, at=clock() - timedelta(minutes=6)
        )

        for text, headers in ((body + " ", fresh), (body, old)):
            with pytest.raises(WebhookVerificationError):
                Webhook(hook.secret).verify(text, headers)

    def test_both_secrets_sign_while_they_overlap(self, app, hook, receiver, clock):
        new = webhooks.renew_secret(hook, at=clock(), actor=SYSTEM)
        happen(app, clock)
        deliver(clock)
        [(_, headers, body)] = receiver.got

        for secret in (hook.secret, new):
            Webhook(secret).verify(body, headers)

        hook.refresh_from_db()
        later = clock() + policy.SECRET_OVERLAP
        headers = deliveries.signed(hook, event_id="e", body="{}", at=later)
        assert len(headers["webhook-signature"].split()) == 1

    def test_tries_again_after_1_to_64_seconds_doubling_then_hours(
        self, app, hook, receiver, clock
    ):
        """modules.md: retries 1..64 s doubling."""
        receiver.answers = [500, "reset", 404, 302, 503, 500, 500, 500]
        happen(app, clock)
        waits = []

        for _ in range(9):
            before = clock()
            due = WebhookDelivery.objects.get().due_at
            clock.moment = max(due, before)
            waits.append((clock() - before).total_seconds())
            deliver(clock)

        assert waits[1:] == [1, 2, 4, 8, 16, 32, 64, 3600]
        assert WebhookDelivery.objects.get().state == "DELIVERED"
        ids = {headers["webhook-id"] for _, headers, _ in receiver.got}
        tries = [json.loads(body)["metadata"]["attempt"] for _, _, body in receiver.got]
        assert ids == {"evt_1"} and tries == list(range(1, 10))

    def test_nothing_is_sent_before_its_time(self, app, hook, receiver, clock):
        receiver.answers = [500]
        happen(app, clock)

        assert [deliver(clock), deliver(clock)] == [1, 0]

    def test_an_object_is_told_in_order_and_others_do_not_wait(self, app, hook, receiver, clock):
        receiver.answers = [500]
        happen(app, clock, number=1, subject="payment:1", event="payment.created")
        deliver(clock)
        happen(app, clock, number=2, subject="payment:1")
        happen(app, clock, number=3, subject="payment:2")

        deliver(clock)
        clock.move(seconds=1)
        deliver(clock)

        told = [json.loads(body) for _, _, body in receiver.got]
        assert [body["id"] for body in told] == ["evt_1", "evt_3", "evt_1", "evt_2"]
        assert [body["metadata"]["sequence"] for body in told] == [1, 1, 1, 2]

    def test_the_first_event_of_an_object_comes_due_however_many_wait_behind_it(
        self, app, hook, receiver, clock
    ):
        receiver.answers = [500]
        happen(app, clock, number=1, subject="account:1")
        deliver(clock)  # Alone: of several at once nobody knows which gets the 500.
        for number in range(2, 8):
            happen(app, clock, number=number, subject="account:1")
        happen(app, clock, number=8, subject="account:2")
        deliver(clock)
        assert WebhookDelivery.objects.get(event_id="evt_8").is_done

        clock.move(seconds=1)
        deliver(clock)

        told = [json.loads(body)["id"] for _, _, body in receiver.got]
        assert [one for one in told if one != "evt_8"] == [
            "evt_1",
            *(f"evt_{number}" for number in range(1, 8)),
        ]

    def test_one_receiver_gets_four_tries_at_once_and_no_more(self, app, hook, clock):
        for number in range(9):
            happen(app, clock, number=number, subject=f"payment:{number % 6}")

        taken = [len(deliveries._lease(at=clock(), room=16)) for _ in range(2)]

        assert taken == [policy.AT_ONCE_FOR_ONE, 0]

    def test_one_dead_receiver_delays_nobody(self, app, receiver, clock, monkeypatch):
        """G6: others wait a second at most while one keeps its caller hanging."""
        monkeypatch.setattr(policy, "TOTAL_SECONDS", 2)
        dead = Receiver()
        dead.answers = ["slow"] * 8
        other = AppFactory(name="Other")
        add(app, dead.url, clock)
        add(other, receiver.url, clock)
        for teller in (app, other):
            for number in range(8):
                happen(teller, clock, number=number, subject=f"payment:{number}")
        began = time.monotonic()

        deliver(clock)
        dead.stop()

        assert max(moment for moment, _, _ in receiver.got) - began < 1
        assert (len(receiver.got), len(dead.got)) == (8, 8)

    def test_an_event_is_told_once_however_often_it_is_announced(self, app, hook, clock):
        assert [happen(app, clock), happen(app, clock)] == [1, 0]

    def test_a_topic_that_was_not_chosen_is_not_told(self, app, receiver, clock):
        add(app, receiver.url, clock, topics=["consent"])

        assert happen(app, clock) == 0

    def test_a_receiver_that_is_gone_is_turned_off_and_its_partner_told(
        self, app, hook, receiver, clock
    ):
        receiver.answers = [410]
        happen(app, clock)

        deliver(clock)

        hook.refresh_from_db()
        mail = Message.objects.get(kind="webhook_off")
        assert not hook.is_on and hook.url in mail.body
        happen(app, clock, number=2, subject="payment:2")
        assert deliver(clock) == 0
        webhooks.turn_on(hook, at=clock(), actor=SYSTEM)
        assert deliver(clock) == 1

    def test_gives_up_after_the_last_try(self, app, hook, receiver, clock):
        receiver.answers = [500] * 99
        happen(app, clock)
        for _ in range(policy.MOST_TRIES):
            clock.moment = WebhookDelivery.objects.get().due_at
            deliver(clock)

        row = WebhookDelivery.objects.get()
        assert (row.state, row.tries) == ("FAILED", policy.MOST_TRIES)
        hook.refresh_from_db()
        assert not hook.is_on

    def test_what_a_dead_sender_took_is_sent_by_the_next(self, app, hook, receiver, clock):
        happen(app, clock)
        deliveries._lease(at=clock(), room=5)  # It dies before it sends.

        assert deliver(clock) == 0
        clock.move(minutes=3)
        assert deliver(clock) == 1


class TestAStoppedApp:
    """Whoever stops a partner stops at once what customers' data goes out to it."""

    def test_is_sent_nothing_that_waits_and_gets_it_once_it_may_work_again(
        self, app, hook, receiver, clock
    ):
        happen(app, clock)
        partner = admitted(app.partner)
        partners.suspend(partner, reason="complaints", at=clock(), actor=SYSTEM)

        assert deliver(clock) == 0 and receiver.got == []

        admitted(partner)
        assert deliver(clock) == 1

    def test_is_told_nothing_new(self, app, hook, clock):
        partners.suspend(admitted(app.partner), reason="complaints", at=clock(), actor=SYSTEM)

        assert happen(app, clock) == 0 and not WebhookDelivery.objects.exists()

    def test_sees_no_account_any_more(self, app, clock):
        consent = ConsentFactory(app=app)
        shared = [consent.accounts.get().pk]
        facts = {"scope": "transactions.read", "at": clock()}
        assert queries.apps_that_see(shared, **facts).get() == consent

        partners.suspend(admitted(app.partner), reason="complaints", at=clock(), actor=SYSTEM)

        assert not queries.apps_that_see(shared, **facts).exists()

    def test_a_refused_company_is_sent_nothing_either(self, app, hook, receiver, clock):
        happen(app, clock)
        partners.refuse(app.partner, reason="unknown", at=clock(), actor=SYSTEM)

        assert deliver(clock) == 0 and receiver.got == []


class TestReplay:
    @pytest.mark.proves("PA09")
    def test_sends_the_same_event_again(self, app, hook, receiver, clock):
        happen(app, clock)
        deliver(clock)

        webhooks.replay(WebhookDelivery.objects.get(), at=clock(), actor=SYSTEM)
        deliver(clock)

        assert [headers["webhook-id"] for _, headers, _ in receiver.got] == ["evt_1", "evt_1"]
        assert WebhookDelivery.objects.get().attempts.count() == 2

    def test_refuses_what_waits_and_what_is_off(self, app, hook, receiver, clock):
        happen(app, clock)
        row = WebhookDelivery.objects.get()
        with pytest.raises(ReplayTooEarly):
            webhooks.replay(row, at=clock(), actor=SYSTEM)

        deliver(clock)
        webhooks.close(hook, at=clock(), actor=SYSTEM)
        with pytest.raises(EndpointOff):
            webhooks.replay(row, at=clock(), actor=SYSTEM)


class TestAdd:
    def test_refuses_an_address_inside(self, app, clock):
        with pytest.raises(UnsafeAddress):
            add(app, "https://169.254.169.254/hook", clock)

    def test_refuses_an_app_that_may_not_work(self, app, hook, receiver, clock):
        partners.suspend(admitted(app.partner), reason="complaints", at=clock(), actor=SYSTEM)

        with pytest.raises(AppClosed):
            add(app, receiver.url, clock)
        with pytest.raises(AppClosed):
            webhooks.turn_on(hook, at=clock(), actor=SYSTEM)

    def test_leaves_keys_of_the_receiver_out_of_the_audit_trail(self, app, receiver, clock):
        add(app, receiver.url + "/s3cret-path?token=s3cret", clock)

        kept = AuditEntry.objects.get(deed="partners.webhook_added")
        assert "s3cret" not in json.dumps(kept.detail) and kept.detail["host"] == "127.0.0.1"

    def test_keeps_its_secret_sealed(self, hook):
        with connection.cursor() as cursor:
            cursor.execute("SELECT secret FROM accounts_webhookendpoint")
            assert hook.secret not in cursor.fetchone()[0]


class TestConsentEvents:
    @pytest.mark.proves("PA09")
    def test_an_app_hears_of_consents_and_accounts(self, app, hook, receiver, clock):
        consent = ConsentFactory(app=app)
        consents.revoke(consent, at=clock(), actor=SYSTEM)
        outbox.sweep(handlers=HANDLERS, at=clock() + timedelta(seconds=5))
        clock.move(seconds=10)

        deliver(clock)
        deliver(clock)

        told = [json.loads(body)["type"] for _, _, body in receiver.got]
        assert sorted(told) == [
            "account.connected",
            "account.disconnected",
            "consent.ended",
            "consent.given",
        ]


@pytest.mark.django_db(transaction=True)
class TestOutsideATransaction:
    def test_names_are_looked_up(self, demo_bank, clock, monkeypatch):
        """Reliability rule 12: whoever waits for the network holds no lock and no connection."""
        app = AppFactory(partner=PartnerFactory(name=f"Duka {uuid4().hex[:12]}"))
        ours, were_inside = connections["default"], []

        def resolve(host, port, **_):
            were_inside.append(ours.in_atomic_block)
            return [(None, None, None, "", ("93.184.215.14", port))]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)

        hook = add(app, "https://duka.example/hook", clock)
        webhooks.turn_on(hook, at=clock(), actor=SYSTEM)

        assert were_inside == [False, False]
